package import OrchCore
import OrchStore

/// A saved checkpoint.
package struct Saved: Sendable {
  package var checkpoint: Checkpoint
  package var beat: LeaseRenewal
}

extension App {
  /// Saves where the holder stands, and proves life.
  package func checkpoint(_ request: HolderRequest, _ change: CheckpointChange, ttlSeconds: Int?) throws -> Saved {
    let files = request.token == nil ? leaseFiles.all() : []
    return try store.write(requesting: foresight(request, files)) { writer in
      let held = try live(request, files: files, in: writer)
      let context = try checkpoint(of: held.session, in: writer)?.context ?? .init()
      let events = try decided(
        .checkpoint(change, fence: held.lease.fence), by: caller(held.actor, at: writer.now), session: held.session,
        task: held.task, context: context)
      var saved = SessionChange(held.session, context: context)
      try saved.apply(events, to: held.task)
      saved.renewLease(at: writer.now, ttlSeconds: ttlSeconds)
      let notices = try notices(&saved, in: writer)
      try writer.append(saved)
      guard
        let entry = saved.entries.first, let lease = saved.after.lease,
        let checkpoint = Checkpoint(try entry.entry(), id: entry.id)
      else { throw StoreError.internal("a checkpoint without its event") }
      return Saved(
        checkpoint: checkpoint,
        beat: LeaseRenewal(lease: lease, session: held.session.id, notices: notices, now: writer.now))
    }
  }
}
