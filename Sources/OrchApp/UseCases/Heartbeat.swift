package import OrchCore
import OrchStore

/// A lease after its holder was heard, and what others said meanwhile.
package struct LeaseRenewal: Sendable {
  package var lease: Lease
  package var session: String
  /// Notes that the holder had not been shown.
  package var notices: [DecodedEvent]
  package var now: Instant
}

extension App {
  /// Proof of life: sets the lease's expiry. Not an event.
  package func heartbeat(_ request: HolderRequest, ttlSeconds: Int?) throws(OrchError) -> LeaseRenewal {
    try write(activeLease(request, withTask: false)) { held, writer in
      let done = try execute(
        .heartbeat(fence: held.lease.fence), on: held.session, nil, by: actor(of: held.lease), ttlSeconds: ttlSeconds,
        showsNotes: true, in: writer)
      return LeaseRenewal(
        lease: try done.requiredLease(), session: done.session.id, notices: done.notices, now: writer.now)
    }
  }
}
