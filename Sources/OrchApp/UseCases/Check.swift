package import OrchCore
import OrchStore

/// A check about to be run: for which task, and whether its lease is to be kept alive meanwhile.
package struct CheckSubject: Sendable {
  /// The task as commands name it.
  package var task: String
  /// How often the lease needs a sign of life, in seconds; nil where the caller holds none.
  package var heartbeatSeconds: Int?
  var holder: HolderRequest?
  /// Where the work tree stood before.
  var before: CommitPosition?
}

extension App {
  /// Finds what a check is about: the task named, or the one that is held here.
  package func checkSubject(_ request: HolderRequest) throws(OrchError) -> CheckSubject {
    try read(.all(task(named: request.task), holderToken(request).deferred)) { loaded, reader in
      let (named, token) = loaded
      do {
        switch try token() {
        case .ended(let ended): throw try leaseEndedError(ended, in: reader)
        case .active(let held):
          let actor = actor(of: held.lease)
          guard actor == held.lease.agent else {
            throw OrchError(.notTheHolder(holder: held.lease.agent), task: held.lease.task)
          }
          let task = try task(of: held, in: reader)
          return CheckSubject(
            task: try reader.named(task).shownID, heartbeatSeconds: max(1, held.lease.ttlSeconds / 3),
            holder: HolderRequest(token: request.token ?? held.file?.token), before: settings.commit)
        }
      } catch let error as OrchError where request.token == nil {
        // Who does not hold a task may observe it all the same; who has lost it is told.
        guard let named, error.code == .nothingHeld || (error.code == .refused && named.state != .running) else {
          throw error
        }
        _ = try agent()
        return CheckSubject(
          task: try reader.named(named).shownID, heartbeatSeconds: nil, holder: nil, before: settings.commit)
      }
    }
  }

  /// Proof of life of the one who runs a check.
  package func renewLease(_ subject: CheckSubject) throws(OrchError) {
    guard let holder = subject.holder else { return }
    _ = try heartbeat(holder, ttlSeconds: nil)
  }

  /// Records what was observed.
  ///
  /// - Parameter result: its position is filled in here: what moved while it ran counts as not committed.
  package func record(_ result: CheckResult, of subject: CheckSubject) throws(OrchError) -> CheckView {
    var observed = result
    let after = surroundings.positionNow()
    observed.head = subject.before?.oid
    observed.tree = subject.before?.tree
    observed.dirty =
      (subject.before?.dirty ?? false) || (after?.dirty ?? false) || after?.oid != subject.before?.oid
    let result = observed
    if let holder = subject.holder {
      return try write(activeLease(holder)) { held, writer in
        let task = try task(of: held, in: writer)
        let done = try execute(
          .check(result, fence: held.lease.fence), on: held.session, task, by: actor(of: held.lease), in: writer)
        return try view(of: done, task, result, named: subject.task)
      }
    }
    return try write(self.subject(subject.task)) { observed, writer in
      let done = try execute(.check(result, fence: nil), on: observed.session, observed.task, by: agent(), in: writer)
      return try view(of: done, observed.task, result, named: subject.task)
    }
  }

  private func view(
    of check: Execution, _ task: Task, _ result: CheckResult, named name: String
  ) throws -> CheckView {
    let event = try check.requiredEvent()
    var history = TaskHistory(task)
    history.add(try event.entry(), id: event.id)
    history.compare(isStale: false, presentTree: result.tree)
    guard var view = history.checks.first else { throw StoreError.internal("a check without a view") }
    view.task = name
    return view
  }
}
