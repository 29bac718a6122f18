package import OrchApp
import OrchCore

extension Runtime {
  /// Links commits to a task by hand, or, without one, as their messages say.
  package func link(_ revision: String, to task: String?) throws -> LinkReport {
    try app(.write, git: [.configuration, .position]).link(revision, to: task)
  }

  /// Reconciles the history with the log.
  ///
  /// - Parameter tell: gets what was found on the way, where that is more than should be kept.
  package func scan(
    _ request: ScanRequest, tell: @escaping ([LinkReport.Entry]) -> Void, progress: (Int) -> Void
  ) throws -> LinkReport {
    try app(.write, git: [.configuration, .position]).scan(request, tell: tell, progress: progress)
  }

  /// - Parameter reference: nil: the head.
  package func trace(_ reference: String?) throws -> [Trace] {
    try app(.read, git: .configuration).trace((reference ?? "commit:HEAD").nfc)
  }

  /// - Parameter path: relative to the workspace's directory.
  package func blame(_ path: String, at revision: String?) throws -> [BlamedLine] {
    try app(.read, git: .configuration).blame(path, from: workspace.directory, at: revision)
  }

  package func contributions(_ range: String?) throws -> Contributions {
    try app(.read, git: .configuration).contributions(range)
  }
}
