package import OrchCore
package import OrchStore

/// What a transition did: the task after it and the first of its events, nil when there was nothing to do.
package struct Transition: Sendable {
  package var task: Task
  package var event: StoredEvent?
  package var now: Instant
  /// Tasks that wait for this one.
  package var dependents: [Task] = []
}

extension App {
  /// Gives the lease back with an outcome. The same release again answers what was recorded.
  ///
  /// - Parameter needsOwner: whether the owner is to approve last what is submitted.
  package func release(
    _ request: HolderRequest, _ release: Release, needsOwner: Bool = false
  ) throws(OrchError) -> Transition {
    try write(holderToken(request)) { token, writer in
      switch token {
      case .ended(let ended): return try replayIfIdentical(release, ended, in: writer)
      case .active(let held):
        let task = try task(of: held, in: writer)
        var release = release
        if needsOwner { release.owners = try owners(approving: task, by: actor(of: held.lease), in: writer) }
        let done = try execute(
          .release(release, fence: held.lease.fence), on: held.session, task, by: actor(of: held.lease), in: writer)
        return Transition(
          task: try writer.named(done.requiredTask()), event: try done.requiredEvent(), now: writer.now)
      }
    }
  }

  /// The owners who are to approve last what a holder submits; warns where all of them held the task.
  private func owners(approving task: Task, by holder: String, in reader: any StoreReader) throws -> [String] {
    let owners = try owners(in: reader)
    if owners.allSatisfy((task.holders + [holder]).contains) {
      warn(.warningOwnerIsAuthor)
    }
    return owners
  }

  /// A release under a token that has ended: what was recorded, if it is the same outcome again.
  private func replayIfIdentical(
    _ release: Release, _ token: ResolvedToken, in reader: any StoreReader
  ) throws -> Transition {
    guard case .own(let outcome, let recorded) = try leaseEnd(of: token, in: reader) else {
      throw try leaseEndedError(token, in: reader)
    }
    guard outcome == release.outcome else {
      if token.file != nil { throw try leaseEndedError(token, in: reader) }
      throw OrchError(.endedOtherwise, task: token.task.id)
    }
    if let agent = settings.agent, let author = try recorded.entry().event.roles.actor, agent != author {
      throw OrchError(.notTheHolder(holder: author), task: token.task.id)
    }
    return Transition(task: token.task, event: recorded, now: reader.now)
  }
}
