package import OrchCore
import OrchStore

/// A lease after its holder was heard, and what others said meanwhile.
package struct LeaseRenewal: Sendable {
  package var lease: Lease
  package var session: String
  package var notices: [DecodedEvent]
  package var now: Instant
}

extension App {
  /// Proof of life: sets the lease's expiry. Not an event.
  package func heartbeat(_ request: HolderRequest, ttlSeconds: Int?) throws -> LeaseRenewal {
    let files = request.token == nil ? leaseFiles.all() : []
    return try store.write(requesting: foresightOfPresent(request, files)) { writer in
      let held = try present(request, files, in: writer) ?? Present(live(request, files: files, in: writer))
      var change = SessionChange(held.session)
      change.renewLease(at: writer.now, ttlSeconds: ttlSeconds)
      let notices = try notices(&change, in: writer)
      try writer.renewLease(change.after)
      return LeaseRenewal(
        lease: change.after.lease ?? held.lease, session: held.session.id, notices: notices, now: writer.now)
    }
  }

  /// A standing whose token is the present one.
  struct Held {
    var session: Session
    var task: Task
    var lease: Lease
    var actor: String
    var file: LeaseFile?
  }

  /// The present lease that a holder's command is about.
  ///
  /// - Throws: `lease-lost`, `task-cancelled`, `nothing-held`, `refused` for another agent's.
  func live(_ request: HolderRequest, files: [LeaseFile], in writer: any StoreWriter) throws -> Held {
    let standing = try standing(request, files: files, in: writer)
    return try live(standing, in: writer)
  }

  func live(_ standing: ResolvedToken, in reader: any StoreReader) throws -> Held {
    guard let lease = standing.lease else { throw try dead(standing, in: reader) }
    let actor = standing.actor(settings)
    guard actor == lease.agent else { throw OrchError(.notTheHolder(holder: lease.agent), task: standing.task.id) }
    return Held(session: standing.session, task: standing.task, lease: lease, actor: actor, file: standing.file)
  }
}
