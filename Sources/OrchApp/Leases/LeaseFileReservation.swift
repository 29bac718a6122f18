import OrchCore
import OrchStore

/// A token about to be granted, and the lease file that was created for it.
struct LeaseFileReservation {
  let token: Token
  /// Nil where the caller brought the token, and keeps it.
  let file: LeaseFile?
  /// The lease files that were there before.
  let earlier: [LeaseFile]

  /// The earlier files of this agent in this place.
  var earlierHere: [LeaseFile] {
    guard let file else { return [] }
    return earlier.filter { $0.agent == file.agent && $0.instance == file.instance }
  }

  /// Which of the earlier files this grant supersedes: those whose leases are over once it is made. To be asked in the
  /// transaction of the grant.
  func superseded(in reader: any StoreReader) throws -> [LeaseFile] {
    try earlierHere.filter { earlier in
      guard earlier.logID == file?.logID, let grant = try reader.grant(earlier.token.hash) else { return false }
      return try reader.session(grant.session, logID: grant.logID)?.lease?.tokenHash != grant.tokenHash
    }
  }
}

extension App {
  /// Runs `grant` with a lease file created for its token: no file, no grant.
  ///
  /// When `grant` succeeds, the file is completed and those that it supersedes are removed. When it fails, the file is
  /// removed, unless nobody knows whether the grant took effect: then the token must not be lost.
  ///
  /// - Parameter given: the caller's own token, for which no file is made.
  func withReservedLeaseFile(
    for agent: String, given: Token? = nil, earlier: [LeaseFile]? = nil, _ grant: (LeaseFileReservation) throws -> Claim
  ) throws -> Claim {
    if let given { return try grant(LeaseFileReservation(token: given, file: nil, earlier: [])) }
    let token = Token(using: &random)
    let earlier = earlier ?? leaseFiles.all()
    let file = LeaseFile(
      token: token, logID: try store.logID, database: settings.database, agent: agent, instance: settings.instance,
      host: settings.host)
    try leaseFiles.create(file)
    do {
      let claim = try grant(LeaseFileReservation(token: token, file: file, earlier: earlier))
      leaseFiles.complete(file, session: claim.packet.session.session.id, task: claim.task.id)
      for superseded in claim.supersededFiles { leaseFiles.remove(superseded) }
      return claim
    } catch {
      if case .outcomeUnknown? = error as? StoreError { throw error }
      leaseFiles.remove(file)
      throw error
    }
  }
}
