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
  package func release(_ request: HolderRequest, _ release: Release, needsOwner: Bool = false) throws -> Transition {
    let files = request.token == nil ? leaseFiles.all() : []
    return try store.write(requesting: foresight(request, files)) { writer in
      let standing = try standing(request, files: files, in: writer)
      guard standing.lease != nil else { return try again(release, standing, in: writer) }
      let held = try live(standing, in: writer)
      var release = release
      if needsOwner {
        release.owners = try owners(in: writer)
        let holders = held.task.holders + [held.actor]
        if release.owners.allSatisfy(holders.contains) {
          warn("the owner did this work, so that no owner approves it last")
        }
      }
      let events = try decided(
        .release(release, fence: held.lease.fence), by: caller(held.actor, at: writer.now), session: held.session,
        task: held.task)
      var change = SessionChange(held.session)
      guard let task = try change.apply(events, to: held.task) else {
        throw StoreError.internal("a release without a task")
      }
      try writer.append(change)
      return Transition(task: try writer.named(task), event: change.entries.first, now: writer.now)
    }
  }

  /// A release under a token that has ended: what was recorded, if it is the same outcome again.
  private func again(_ release: Release, _ standing: ResolvedToken, in reader: any StoreReader) throws -> Transition {
    guard case .own(let outcome, let recorded) = try ending(of: standing, in: reader) else {
      throw try dead(standing, in: reader)
    }
    guard outcome == release.outcome else {
      if standing.file != nil { throw try dead(standing, in: reader) }
      throw OrchError(.endedOtherwise, task: standing.task.id)
    }
    if let agent = settings.agent, let author = try recorded.entry().event.roles.actor, agent != author {
      throw OrchError(.notTheHolder(holder: author), task: standing.task.id)
    }
    return Transition(task: standing.task, event: recorded, now: reader.now)
  }
}
