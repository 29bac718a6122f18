import OrchSystem
import SystemPackage

extension Signals {
  /// Starts a program that signals are then passed on to, with signals handled as if it had been started by a shell.
  static func startForwarding(_ start: ChildProcess.Start) throws(Errno) -> ChildProcess {
    // A signal that comes in between is for what is run.
    let mask = hold()
    defer { letGo(mask) }
    var start = start
    start.signalMask = mask
    // A caller that ignores one (nohup) wants it ignored there, too.
    start.restoredSignals = handled.filter { !isIgnored($0) } + [brokenPipe]
    let child = try ChildProcess(start)
    forward(to: child)
    return child
  }
}
