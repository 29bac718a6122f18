package import OrchCore
import OrchStore

/// A saved checkpoint.
package struct Saved: Sendable {
  package var checkpoint: Checkpoint
  package var renewal: LeaseRenewal
}

extension App {
  /// Saves where the holder stands, and proves life.
  package func checkpoint(
    _ request: HolderRequest, _ change: CheckpointChange, ttlSeconds: Int?
  ) throws(OrchError) -> Saved {
    try write(activeLease(request)) { held, writer in
      let task = try task(of: held, in: writer)
      let saved = try writer.load(checkpoint(of: held.session, in: writer))
      let done = try execute(
        .checkpoint(change, fence: held.lease.fence), on: held.session, task, context: saved?.context ?? .init(),
        by: actor(of: held.lease), ttlSeconds: ttlSeconds, showsNotes: true, in: writer)
      let event = try done.requiredEvent()
      guard let checkpoint = Checkpoint(try event.entry(), id: event.id) else {
        throw StoreError.internal("a checkpoint without its event")
      }
      let renewal = LeaseRenewal(
        lease: try done.requiredLease(), session: done.session.id, notices: done.notices, now: writer.now)
      return Saved(checkpoint: checkpoint, renewal: renewal)
    }
  }
}
