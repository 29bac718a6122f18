package import OrchApp
package import OrchCore
package import OrchSystem
import OrchStore
package import SystemPackage

/// A command to be run and watched, and its result recorded.
package struct CheckRequest {
  package var name: String
  /// The command and its arguments.
  package var words: [String]
  package var holder: HolderRequest
  /// Where what it prints is passed on to.
  package var output: FileDescriptor
  package var errors: FileDescriptor
  /// Starts it; a program of its own also passes on signals.
  package var start: (ChildProcess.Start) throws(Errno) -> ChildProcess

  package init(
    name: String, words: [String], holder: HolderRequest, output: FileDescriptor, errors: FileDescriptor,
    start: @escaping (ChildProcess.Start) throws(Errno) -> ChildProcess = { start throws(Errno) in
      try ChildProcess(start)
    }
  ) {
    self.name = name
    self.words = words
    self.holder = holder
    self.output = output
    self.errors = errors
    self.start = start
  }
}

extension Runtime {
  /// Runs a command in the workspace's directory, keeping the lease alive meanwhile, and records what was observed.
  ///
  /// - Parameter ended: told when the command has ended.
  /// - Returns: how it ended, and what was recorded of it, or why nothing was.
  package func check(_ request: CheckRequest, ended: () -> Void) throws -> (
    outcome: ObservedProcess.Outcome, recorded: Result<CheckView, OrchError>
  ) {
    let app = try checking()
    let subject = try app.checkSubject(request.holder)
    var isLost = false
    let process = ObservedProcess(
      words: request.words, directory: workspace.directory, output: request.output, errors: request.errors,
      heartbeatSeconds: subject.heartbeatSeconds, start: request.start
    ) {
      guard !isLost else { return }
      do {
        try app.renewLease(subject)
      } catch {
        // A server that is away now may be back; a lease that is lost stays lost.
        let error = OrchError(error)
        isLost = error.code == .leaseLost || error.code == .taskCancelled
        self.messages.warn(error.message)
      }
    }
    let outcome = try process.run()
    ended()
    if let failure = outcome.failure { messages.note(.checkNotStarted(command: request.words[0], detail: failure)) }
    do {
      // Anew: what was opened before may have been removed or replaced meanwhile, and would take the record with it.
      repository = repository.renewed()
      let result = CheckResult(
        name: request.name, command: String(request.words.joined(separator: " ").prefix(1000)),
        exitStatus: outcome.exitStatus, durationMilliseconds: outcome.milliseconds, outputHash: outcome.outputHash,
        head: nil, tree: nil, dirty: false)
      return (outcome, .success(try checking().record(result, of: subject)))
    } catch {
      return (outcome, .failure(OrchError(error)))
    }
  }

  private func checking() throws -> App { try app(.write, holder: true, git: [.configuration, .position]) }
}
