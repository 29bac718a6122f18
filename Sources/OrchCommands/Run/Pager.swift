import OrchRuntime
import OrchSystem
import SystemPackage

/// The user's pager between this process and the terminal.
final class Pager {
  private let child: ChildProcess

  /// Starts `ORCH_PAGER`, `PAGER` or `less` with standard output going into it; nil when that is `cat` or fails.
  init?(_ environment: Environment) {
    let command = environment["ORCH_PAGER"] ?? environment["PAGER"] ?? "less"
    guard command != "cat", let ends = try? Pipe() else { return nil }
    var start = ChildProcess.Start(["/bin/sh", "-c", command])
    start.input = ends.reader
    if environment["LESS"] == nil { start.variables = [("LESS", "FRX")] }
    guard let started = try? ChildProcess(start), (try? ends.writer.duplicate(as: .standardOutput)) != nil else {
      ends.close()
      return nil
    }
    ends.close()
    child = started
    Signals.ignoreInterrupt()
  }

  /// Lets the pager see the end, and waits until the user leaves it.
  func finish() {
    FileIO.close(.standardOutput)
    child.wait()
  }
}
