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

  /// While a command is run, a signal is its business, and this process tells how it ended. What comes from the terminal
  /// reaches it by itself.
  static func forward(to process: pid_t) {
    child = process
    for number in [SIGTERM, SIGHUP] { signal(number) { kill(Signals.child, $0) } }
    if isatty(0) == 1, tcgetpgrp(0) == getpgrp() {
      signal(SIGINT, SIG_IGN)
    } else {
      signal(SIGINT) { kill(Signals.child, $0) }
    }
  }

  static func install() {
    // A caller that ignores a signal (nohup) wants it ignored.
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var old = sigaction()
      sigaction(number, nil, &old)
      #if canImport(Darwin)
        let handler = old.__sigaction_u.__sa_handler
      #else
        let handler = old.__sigaction_handler.sa_handler
      #endif
      if unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
      signal(number) { _exit(128 + $0) }
    }
    child = 0
    // A closed pipe is an error of the write, which ends the command quietly.
    signal(SIGPIPE, SIG_IGN)
  }
}
