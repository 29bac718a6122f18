#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What signals do: the process ends at once, wherever it is. Every transaction is whole or absent, so that is safe.
enum Signals {
  /// What signals are passed on to; 0: nobody.
  nonisolated(unsafe) private static var child: pid_t = 0

  static let handled = [SIGTERM, SIGHUP, SIGINT]

  /// While a command is run, a signal is its business, and this process tells how it ended. What comes from the terminal
  /// reaches it by itself.
  static func forward(to process: pid_t) {
    child = process
    isReached = isatty(0) == 1 && tcgetpgrp(0) == getpgrp()
    for number in handled where !isIgnored(number) {
      signal(number) {
        if $0 != SIGINT || !Signals.isReached { kill(Signals.child, $0) }
      }
    }
  }

  /// Whether an interrupt reaches what is run by itself.
  nonisolated(unsafe) private static var isReached = false

  static func install() {
    // A caller that ignores a signal (nohup) wants it ignored.
    for number in handled where !isIgnored(number) { signal(number) { _exit(128 + $0) } }
    child = 0
    // A closed pipe is an error of the write, which ends the command quietly.
    signal(SIGPIPE, SIG_IGN)
  }

  static func isIgnored(_ number: Int32) -> Bool {
    var old = sigaction()
    sigaction(number, nil, &old)
    #if canImport(Darwin)
      let handler = old.__sigaction_u.__sa_handler
    #else
      let handler = old.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Keeps signals waiting, and returns what was kept waiting before.
  static func hold() -> sigset_t {
    var (mask, old) = (sigset_t(), sigset_t())
    sigemptyset(&mask)
    for number in handled { sigaddset(&mask, number) }
    pthread_sigmask(SIG_BLOCK, &mask, &old)
    return old
  }

  static func letGo(_ mask: sigset_t) {
    var mask = mask
    pthread_sigmask(SIG_SETMASK, &mask, nil)
  }
}
