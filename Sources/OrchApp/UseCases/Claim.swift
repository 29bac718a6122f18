package import OrchCore
import OrchStore

/// What to claim, and on which terms.
package struct ClaimRequest: Sendable {
  package var task: String?
  package var session: String?
  package var kinds: [String] = []
  package var ttlSeconds: Int?
  /// Claim beside a lease that is held here already.
  package var another = false
  /// The caller's own token: makes the claim repeatable, and needs no lease file.
  package var token: Token?
  package var allProjects = false
  /// Take the named task only as the offer that it is.
  package var onlyOffered = false
  /// The receiver's read-back of an offer.
  package var restatement: String?

  package init() {}
}

/// A granted lease and what its holder needs to know.
package struct Claim: Sendable {
  package var packet: ResumePacket
  package var lease: Lease
  package var token: Token
  /// The time of the transaction.
  package var now: Instant
  /// Files of earlier leases of this agent in this place, which this grant leaves dead.
  var supersededFiles: [LeaseFile] = []

  package var task: Task { packet.task }
}

extension App {
  /// Takes one task under a lease.
  ///
  /// - Throws: `nothing-claimable`, `lease-held`, `already-holding`, `refused`, and what the store throws.
  package func claim(_ request: ClaimRequest) throws -> Claim {
    let agent = try agent()
    let token = request.token ?? Token()
    let files = request.token == nil ? leaseFiles.all() : []
    let file = request.token == nil ? try newLeaseFile(token, agent: agent) : nil
    do {
      let claim = try granted(
        store.write(requesting: foresight(request, files, agent: agent)) { writer in
          let outcome = try self.claim(request, token: token, agent: agent, files: files, in: writer)
          guard case .granted(var claim) = outcome else { return outcome }
          claim.supersededFiles = try supersededFiles(files, by: file, in: writer)
          return .granted(claim)
        })
      settle(file, claim)
      return claim
    } catch let error as StoreError {
      // When nobody knows whether it took effect, the token must not be lost.
      if case .outcomeUnknown = error { throw error }
      if let file { leaseFiles.remove(file) }
      throw error
    } catch {
      if let file { leaseFiles.remove(file) }
      throw error
    }
  }

  /// The file for a token that is about to be granted: no file, no claim.
  func newLeaseFile(_ token: Token, agent: String) throws -> LeaseFile {
    let logID = try store.logID
    let file = LeaseFile(
      token: token, logID: logID, database: settings.database, agent: agent, instance: settings.instance,
      host: settings.host)
    try leaseFiles.create(file)
    return file
  }

  /// Completes the file of a grant, and removes those that it leaves dead.
  func settle(_ file: LeaseFile?, _ claim: Claim) {
    guard let file else { return }
    leaseFiles.complete(file, session: claim.packet.session.session.id, task: claim.task.id)
    for dead in claim.supersededFiles { leaseFiles.remove(dead) }
  }

  /// Of earlier files of this agent in this place, those whose leases are over once `file`'s is granted.
  func supersededFiles(_ earlier: [LeaseFile], by file: LeaseFile?, in reader: any StoreReader) throws -> [LeaseFile] {
    guard let file else { return [] }
    return try earlier.filter { $0.logID == file.logID && $0.agent == file.agent && $0.instance == file.instance }
      .filter {
        guard let grant = try reader.grant($0.token.hash) else { return false }
        return try reader.session(grant.session, logID: grant.logID)?.lease?.tokenHash != grant.tokenHash
      }
  }

  /// What a claim asks before it decides.
  private func foresight(_ request: ClaimRequest, _ files: [LeaseFile], agent: String) -> [ReadRequest] {
    var foreseen: [ReadRequest] = [.hasActor(agent)]
    if let token = request.token { foreseen.append(.newGrant(token.hash)) }
    foreseen += self.foresight(files.filter { $0.agent == agent && $0.instance == settings.instance })
    if let task = request.task {
      foreseen.append(.task(task))
    } else {
      if let session = request.session { foreseen.append(.session(session)) }
      foreseen.append(.claim(query(request, agent: agent)))
    }
    return foreseen
  }

  func query(_ request: ClaimRequest, agent: String) -> ClaimQuery {
    ClaimQuery(
      agent: agent, kinds: request.kinds,
      projects: request.allProjects || request.session != nil ? .all : .current(settings.project),
      session: request.session)
  }

  /// A claim's transaction: recoveries are kept even when nothing is left to claim.
  enum ClaimOutcome {
    case granted(Claim)
    case nothing(ClaimDiagnosis)
  }

  func granted(_ outcome: ClaimOutcome) throws -> Claim {
    switch outcome {
    case .granted(let claim): return claim
    case .nothing(let claimDiagnosis): throw OrchError.nothingClaimable(claimDiagnosis)
    }
  }

  private func claim(
    _ request: ClaimRequest, token: Token, agent: String, files: [LeaseFile], in writer: any StoreWriter
  ) throws -> ClaimOutcome {
    try warnOfUnknown(agent, writer)
    if request.token != nil, let repeated = try repeated(token, agent, in: writer) { return .granted(repeated) }
    if request.task == nil, request.session == nil, !request.another {
      let held = try candidates(files, anywhere: false, in: writer)
        .first { $0.distance == 0 && $0.standing.lease?.agent == agent }
      if let held { throw OrchError.alreadyHolding(held.standing.task) }
    }
    let lease = NewLease(tokenHash: token.hash, ttlSeconds: request.ttlSeconds)
    if let reference = request.task {
      let task = try task(reference, in: writer)
      if let session = try request.session.map({ try self.session($0, in: writer) }),
        session.id != task.session || session.logID != task.logID
      {
        throw OrchError.refused("\(task.id) is of the session \(task.session)", hint: "orch claim \(task.id)")
      }
      if request.onlyOffered || task.offer?.to == agent {
        return .granted(try accept(task, request.restatement, lease, token, agent: agent, in: writer))
      }
      return .granted(try claim(task, lease, token, agent: agent, named: true, in: writer))
    }
    let query = query(request, agent: agent)
    if let id = request.session {
      let session = try session(id, in: writer)
      if let held = session.lease, !held.isStale(at: writer.now) { throw OrchError.held(held) }
    }
    // What is offered to this agent comes first, and until somebody sweeps it, also late.
    if let offered = try offered(query, in: writer) {
      return .granted(try accept(offered, request.restatement, lease, token, agent: agent, in: writer))
    }
    for session in try writer.expiredSessions(matching: query, limit: Self.recoveriesPerClaim) {
      try recover(session, by: caller(agent, at: writer.now), forced: nil, in: writer)
    }
    guard let found = try writer.candidate(for: query), let task = try writer.task(found.task) else {
      return .nothing(try writer.claimDiagnosis(to: query))
    }
    return .granted(try claim(task, lease, token, agent: agent, named: false, in: writer))
  }

  /// How many stale sessions one claim recovers at most.
  static let recoveriesPerClaim = 8

  /// Claims one task, recovering its session first if that is stale.
  func claim(
    _ task: Task, _ lease: NewLease, _ token: Token, agent: String, named: Bool, in writer: any StoreWriter
  ) throws -> Claim {
    let caller = caller(agent, at: writer.now)
    var task = task
    var session = try session(of: task, in: writer)
    if session.lease?.isStale(at: writer.now) == true || (session.offer.map { $0.expiresAt <= writer.now } ?? false) {
      try recover(session, by: caller, forced: nil, in: writer)
      task = try self.task(task.id, of: session, in: writer)
      session = try self.session(of: task, in: writer)
    }
    var change = SessionChange(session)
    let events = try decided(.claim(lease, named: named), by: caller, session: session, task: task)
    guard let claimed = try change.apply(events, to: task) else { throw StoreError.internal("a claim without a task") }
    try writer.append(change)
    if named { warnOfLifted(task, agent) }
    return try claim(claimed, change.after, token, in: writer)
  }

  /// The answer for a lease that was just granted.
  func claim(_ task: Task, _ session: Session, _ token: Token, in reader: any StoreReader) throws -> Claim {
    guard let lease = session.lease else { throw StoreError.internal("a grant without a lease") }
    return Claim(packet: try packet(task, session, in: reader), lease: lease, token: token, now: reader.now)
  }

  private func repeated(_ token: Token, _ agent: String, in writer: any StoreWriter) throws -> Claim? {
    guard let standing = try standing(of: token, file: nil, in: writer) else { return nil }
    guard let lease = standing.lease else {
      throw OrchError.refused(
        "this token's lease on \(standing.task.id) has ended", hint: "orch claim with a new token")
    }
    guard lease.agent == agent else { throw OrchError(.notTheHolder(holder: lease.agent), task: standing.task.id) }
    return try claim(standing.task, standing.session, token, in: writer)
  }

  /// Warns of what taking a task regardless means.
  func warnOfLifted(_ task: Task, _ agent: String) {
    if task.reviewers.contains(agent) { warn("you were to review \(task.id); holding it, you cannot approve it") }
    if let project = task.project, project != settings.project { warn("\(task.id) is of the project \(project)") }
  }
}

extension OrchError {
  static func alreadyHolding(_ task: Task) -> OrchError {
    OrchError(
      .alreadyHolding, "you hold \(task.id) here already: \(task.title)",
      hint: "orch resume (or, beside it, orch claim --another)")
  }

  static func nothingClaimable(_ claimDiagnosis: ClaimDiagnosis) -> OrchError {
    let parts = [
      (claimDiagnosis.held, "in held sessions"), (claimDiagnosis.blocked, "blocked"),
      (claimDiagnosis.scheduled, "scheduled"),
      (claimDiagnosis.assigned, "for others")
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let why = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    return OrchError(
      .nothingClaimable, "there is nothing to claim\(why)", hint: "orch claim --wait, or orch list",
      details: [
        JSONMember(key: "held", value: .int(claimDiagnosis.held)),
        JSONMember(key: "blocked", value: .int(claimDiagnosis.blocked)),
        JSONMember(key: "scheduled", value: .int(claimDiagnosis.scheduled)),
        JSONMember(key: "assigned", value: .int(claimDiagnosis.assigned)),
        JSONMember(key: "nextReadyAt", value: claimDiagnosis.nextReadyAt.map { .instant($0) } ?? .null)
      ])
  }
}
