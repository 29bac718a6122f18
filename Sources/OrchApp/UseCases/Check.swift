package import OrchCore
import OrchStore

/// A check about to be run: for which task, and whether its lease is to be kept alive meanwhile.
package struct CheckSubject: Sendable {
  /// The task as commands name it.
  package var task: String
  /// How often the lease needs a sign of life, in seconds; nil where the caller holds none.
  package var beatSeconds: Int?
  var holder: HolderRequest?
  /// Where the work tree stood before.
  var before: CommitPosition?
}

extension App {
  /// Finds what a check is about: the task named, or the one that is held here.
  package func checkSubject(_ request: HolderRequest) throws -> CheckSubject {
    let files = request.token == nil ? leaseFiles.all() : []
    return try store.read(requesting: foresight(request, files)) { reader in
      let named = try request.task.map { try task($0, in: reader) }
      do {
        let held = try live(standing(request, files: files, in: reader), in: reader)
        let token = request.token ?? held.file?.token
        return CheckSubject(
          task: try reader.named(held.task).shownID, beatSeconds: max(1, held.lease.ttlSeconds / 3),
          holder: HolderRequest(token: token, task: nil, session: nil), before: settings.commit)
      } catch let error as OrchError where request.token == nil {
        // Who does not hold a task may observe it all the same; who has lost it is told.
        guard let named, error.code == .nothingHeld || (error.code == .refused && named.state != .running) else {
          throw error
        }
        _ = try agent()
        return CheckSubject(
          task: try reader.named(named).shownID, beatSeconds: nil, holder: nil, before: settings.commit)
      }
    }
  }

  /// Proof of life of the one who runs a check.
  package func renewLease(_ subject: CheckSubject) throws {
    guard let holder = subject.holder else { return }
    _ = try heartbeat(holder, ttlSeconds: nil)
  }

  /// Records what was observed.
  ///
  /// - Parameter result: its position is filled in here: what moved while it ran counts as not committed.
  package func record(_ result: CheckResult, of subject: CheckSubject) throws -> CheckView {
    var result = result
    let after = surroundings.positionNow()
    result.head = subject.before?.oid
    result.tree = subject.before?.tree
    result.dirty = (subject.before?.dirty ?? false) || (after?.dirty ?? false) || after?.oid != subject.before?.oid
    let observed = result
    return try store.write(requesting: subject.holder?.token.map { [.grant($0.hash)] } ?? [.task(subject.task)]) {
      writer in
      let task: Task
      var change: SessionChange
      if let holder = subject.holder {
        let held = try live(holder, files: [], in: writer)
        change = SessionChange(held.session)
        task = held.task
        let events = try decided(
          .check(observed, fence: held.lease.fence), by: caller(held.actor, at: writer.now), session: held.session,
          task: task)
        try change.apply(events, to: task)
        change.renewLease(at: writer.now, ttlSeconds: nil)
      } else {
        task = try self.task(subject.task, in: writer)
        let session = try session(of: task, in: writer)
        change = SessionChange(session)
        let events = try decided(
          .check(observed, fence: nil), by: caller(agent(), at: writer.now), session: session, task: task)
        try change.apply(events, to: task)
      }
      try writer.append(change)
      guard let recorded = change.entries.first else { throw StoreError.internal("a check without an event") }
      var history = TaskHistory(task)
      history.add(try recorded.entry(), id: recorded.id)
      history.compare(isStale: false, presentTree: observed.tree)
      guard var view = history.checks.first else { throw StoreError.internal("a check without a view") }
      view.task = subject.task
      return view
    }
  }
}
