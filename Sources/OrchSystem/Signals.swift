import CPlatform
import SystemPackage

/// What signals do to this process. Only a program's own main may say so: it is one setting for the whole process.
///
/// The process ends at once, wherever it is. Every transaction is whole or absent, so that is safe.
package enum Signals {
  /// The process that signals are passed on to; 0 for none.
  nonisolated(unsafe) private static var child: pid_t = 0
  /// Whether that process gets an interrupt from the terminal by itself.
  nonisolated(unsafe) private static var isReached = false

  package static let handled = [SIGTERM, SIGHUP, SIGINT]
  package static let brokenPipe = SIGPIPE

  /// Lets signals end the process with 128 and their number, and makes a closed pipe an error of the write.
  package static func install() {
    // A caller that ignores a signal (nohup) wants it ignored.
    for number in handled where !isIgnored(number) { orch_signal_exit(number) }
    child = 0
    orch_signal_ignore(SIGPIPE)
  }

  /// Passes signals on to a program that runs, so that it decides how to end. An interrupt from the terminal is not
  /// passed on: the program gets it, too.
  package static func forward(to process: ChildProcess) {
    child = process.id
    isReached = isatty(0) == 1 && tcgetpgrp(0) == getpgrp()
    for number in handled where !isIgnored(number) {
      signal(number) {
        if $0 != SIGINT || !Signals.isReached { kill(Signals.child, $0) }
      }
    }
  }

  /// Leaves an interrupt to a program that reads the terminal.
  package static func ignoreInterrupt() { orch_signal_ignore(SIGINT) }

  package static func isIgnored(_ number: Int32) -> Bool { orch_signal_is_ignored(number) == 1 }

  /// Keeps signals waiting, and returns what was kept waiting before.
  package static func hold() -> SignalMask {
    var (mask, old) = (sigset_t(), sigset_t())
    sigemptyset(&mask)
    for number in handled { sigaddset(&mask, number) }
    pthread_sigmask(SIG_BLOCK, &mask, &old)
    return SignalMask(mask: old)
  }

  package static func letGo(_ old: SignalMask) {
    var mask = old.mask
    pthread_sigmask(SIG_SETMASK, &mask, nil)
  }
}

/// The signals that a process does not get for now.
package struct SignalMask: @unchecked Sendable {
  let mask: sigset_t
}
