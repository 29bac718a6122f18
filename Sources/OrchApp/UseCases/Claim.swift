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
  /// Files of earlier leases of this agent in this place, superseded by this grant; safe to delete.
  var supersededFiles: [LeaseFile] = []

  package var task: Task { packet.task }
}

extension App {
  /// Takes one task under a lease.
  ///
  /// - Throws: `nothing-claimable`, `lease-held`, `already-holding`, `refused`, and what the store fails with.
  package func claim(_ request: ClaimRequest) throws(OrchError) -> Claim {
    try mappingErrors {
      let agent = try agent()
      return try withReservedLeaseFile(for: agent, given: request.token) { reservation in
        // Recoveries are kept even when nothing is left to claim, so that is no error of the transaction.
        let outcome = try store.write(claimReads(request, reservation, agent)) { reads, writer in
          try grantRequested(request, reads, reservation, agent, in: writer)
        }
        switch outcome {
        case .granted(let claim): return claim
        case .nothing(let diagnosis): throw OrchError.nothingClaimable(diagnosis)
        }
      }
    }
  }

  /// Claims, waiting until there is work or the time is over.
  ///
  /// Between looks, which are reads, the process sleeps: new work is taken within a second.
  package func claimWaiting(_ request: ClaimRequest, atMost limit: Duration?) throws(OrchError) -> Claim {
    let clock = ContinuousClock()
    let end = limit.map { clock.now + $0 }
    while true {
      do {
        return try claim(request)
      } catch  where error.code == .nothingClaimable || error.code == .leaseHeld {
        repeat {
          let left = end.map { $0 - clock.now } ?? Self.pollInterval
          guard left > .zero else { throw error }
          store.waitForWork(atMost: min(left, Self.pollInterval))
        } while try !mayClaim(request)
      }
    }
  }

  /// How long a waiting claim sleeps between looks, at most.
  static let pollInterval = Duration.milliseconds(400)

  /// Whether a claim is worth a write transaction.
  private func mayClaim(_ request: ClaimRequest) throws(OrchError) -> Bool {
    if let reference = request.task {
      return try read(subject(reference)) { subject, reader in
        subject.session.lease?.isStale(at: reader.now) ?? true
      }
    }
    return try mappingErrors {
      try store.read(.claim(query(request, agent: agent()))) { search, _ in
        try search.candidate() != nil || !search.expiredSessions(limit: 1).isEmpty || search.hasSessionsToReplay()
      }
    }
  }

  // MARK: What a claim reads

  /// What a claim decides on. Each is looked up when it is called: what a claim finds decides what else it looks at.
  private struct ClaimReads {
    /// See `lookalike`.
    var lookalike: String?
    /// What the caller's own token is already, of a claim that is repeated.
    var repeated: () throws -> HolderToken?
    var task: () throws -> Task?
    var session: () throws -> Session?
    var search: ClaimSearch?
  }

  private func claimReads(
    _ request: ClaimRequest, _ reservation: LeaseFileReservation, _ agent: String
  ) -> Read<ClaimReads> {
    let repeated = Read<HolderToken?>(request.token.map { [.newGrant($0.hash)] } ?? []) { reader in
      try request.token.flatMap { try self.holderToken(of: $0, nil, in: reader) }
    }
    let search: Read<ClaimSearch?> =
      request.task == nil
      ? Read<ClaimSearch>.claim(query(request, agent: agent)).map { search, _ in search } : .value(nil)
    let reads = Read.all(
      lookalike(of: agent), repeated.deferred, heldTokens(reservation), task(named: request.task).deferred,
      session(named: request.session).deferred, search)
    return reads.map { reads, _ in
      ClaimReads(lookalike: reads.0, repeated: reads.1, task: reads.3, session: reads.4, search: reads.5)
    }
  }

  /// Requests the tokens of the agent in this place, which a grant looks at: is one of them held, which are superseded?
  func heldTokens(_ reservation: LeaseFileReservation) -> Read<Void> {
    let files = reservation.earlierHere.map { NearbyFile(file: $0, distance: 0) }
    return Read(newest(files).map { .grant($0.file.token.hash) }) { _ in }
  }

  func query(_ request: ClaimRequest, agent: String) -> ClaimQuery {
    ClaimQuery(
      agent: agent, kinds: request.kinds,
      projects: request.allProjects || request.session != nil ? .all : .current(settings.project),
      session: request.session)
  }

  // MARK: Granting

  private enum ClaimOutcome {
    case granted(Claim)
    case nothing(ClaimDiagnosis)
  }

  /// Grants what a request asks for: a named task, what is offered to the agent, or the best task of the queue.
  private func grantRequested(
    _ request: ClaimRequest, _ reads: ClaimReads, _ reservation: LeaseFileReservation, _ agent: String,
    in writer: any StoreWriter
  ) throws -> ClaimOutcome {
    warnOfUnknown(agent, reads.lookalike)
    if let token = try reads.repeated() {
      return .granted(try repeatedGrant(token, reservation, agent, in: writer))
    }
    if request.task == nil, request.session == nil, !request.another {
      try refuseSecondLease(reservation, agent, in: writer)
    }
    let terms = GrantTerms(reservation: reservation, agent: agent, ttlSeconds: request.ttlSeconds)
    if var task = try reads.task() {
      // What it waits for may be done, in a session that is still to be replayed.
      if task.openBlockers > 0, try writer.catchUpSessions(limit: Self.recoveriesPerClaim) > 0 {
        task = try writer.task(task.id, logID: task.logID) ?? task
      }
      if let session = try reads.session(), session.id != task.session || session.logID != task.logID {
        throw OrchError.refused(
          .errorTaskOfSession(task: task.id, session: task.session), hint: .run("claim", task.id))
      }
      if request.onlyOffered || task.offer?.to == agent {
        return .granted(try grantOffered(task, request.restatement, terms, in: writer))
      }
      return .granted(try grant(task, terms, isNamed: true, in: writer))
    }
    if let held = try reads.session()?.lease, !held.isStale(at: writer.now) { throw OrchError.held(held) }
    guard let search = reads.search else { throw StoreError.internal("a claim of no task without a search") }
    try writer.catchUpSessions(limit: Self.recoveriesPerClaim)
    // What is offered to this agent comes first, also late, until somebody recovers it.
    if let offered = try offered(search.query, in: writer) {
      return .granted(try grantOffered(offered, request.restatement, terms, in: writer))
    }
    for session in try search.expiredSessions(limit: Self.recoveriesPerClaim) {
      try recover(session, by: caller(agent, at: writer.now), forced: nil, in: writer)
    }
    guard let task = try search.candidate() else { return .nothing(try search.diagnosis()) }
    return .granted(try grant(task, terms, isNamed: false, in: writer))
  }

  /// How many stale sessions one claim recovers at most, and how many it replays.
  static let recoveriesPerClaim = 8

  /// Refuses a claim beside a lease that the agent has in this very place.
  private func refuseSecondLease(
    _ reservation: LeaseFileReservation, _ agent: String, in reader: any StoreReader
  ) throws {
    let files = nearby(reservation.earlier, anywhere: false).filter { $0.distance == 0 }
    guard let held = try activeLeases(of: files, in: reader, where: { $0.lease.agent == agent }).first?.held else {
      return
    }
    throw OrchError.alreadyHolding(try task(of: held, in: reader))
  }

  /// Grants one task, recovering its session first if that is stale.
  func grant(_ task: Task, _ terms: GrantTerms, isNamed: Bool, in writer: any StoreWriter) throws -> Claim {
    var task = task
    var session = try session(of: task, in: writer)
    if session.lease?.isStale(at: writer.now) == true || session.offerHasExpired(at: writer.now) {
      try recover(session, by: caller(terms.agent, at: writer.now), forced: nil, in: writer)
      task = try self.task(task.id, of: session, in: writer)
      session = try self.session(of: task, in: writer)
    }
    let done = try execute(
      .claim(terms.lease, named: isNamed), on: session, task, by: terms.agent, in: writer)
    if isNamed { warnOfLifted(task, terms.agent) }
    return try answer(done, terms.reservation, in: writer)
  }

  /// The answer for a claim that is repeated with the same token.
  private func repeatedGrant(
    _ token: HolderToken, _ reservation: LeaseFileReservation, _ agent: String, in reader: any StoreReader
  ) throws -> Claim {
    guard case .active(let held) = token else {
      throw OrchError.refused(.errorTokenEnded(task: token.task), hint: .text(.hintNewToken))
    }
    guard held.lease.agent == agent else { throw OrchError(.notTheHolder(holder: held.lease.agent), task: token.task) }
    let repeated = Execution(session: held.session, task: try task(of: held, in: reader), events: [])
    return try answer(repeated, reservation, in: reader)
  }

  /// The answer for a lease that was just granted.
  func answer(
    _ grant: Execution, _ reservation: LeaseFileReservation, in reader: any StoreReader
  ) throws -> Claim {
    Claim(
      packet: try packet(grant.requiredTask(), grant.session, in: reader), lease: try grant.requiredLease(),
      token: reservation.token, now: reader.now, supersededFiles: try reservation.superseded(in: reader))
  }

  /// Warns of what taking a task regardless of its reviewers and project means.
  func warnOfLifted(_ task: Task, _ agent: String) {
    if task.reviewers.contains(agent) { warn(.warningReviewerTakes(task: task.id)) }
    if let project = task.project, project != settings.project {
      warn(.warningOtherProject(task: task.id, project: project))
    }
  }
}

/// For whom a lease is granted, under which token and how long.
struct GrantTerms {
  var reservation: LeaseFileReservation
  var agent: String
  /// Nil takes the task's own, or the default.
  var ttlSeconds: Int?

  var lease: NewLease { NewLease(tokenHash: reservation.token.hash, ttlSeconds: ttlSeconds) }
}

extension OrchError {
  static func alreadyHolding(_ task: Task) -> OrchError {
    OrchError(
      .alreadyHolding, .errorAlreadyHolding(task: task.id, title: task.title),
      hint: .text(.hintResumeOrAnother))
  }

  static func nothingClaimable(_ diagnosis: ClaimDiagnosis) -> OrchError {
    let causes: [(Int, (Int) -> Message)] = [
      (diagnosis.held, Message.diagnosisHeld), (diagnosis.blocked, Message.diagnosisBlocked),
      (diagnosis.scheduled, Message.diagnosisScheduled), (diagnosis.assigned, Message.diagnosisAssigned)
    ]
    let why = causes.filter { $0.0 > 0 }.map { $0.1($0.0) }
    return OrchError(
      .nothingClaimable, why.isEmpty ? .errorNothingClaimable : .errorNothingClaimableBecause(why: why),
      hint: .text(.hintWaitOrList),
      details: [
        JSONMember(key: "held", value: .int(diagnosis.held)),
        JSONMember(key: "blocked", value: .int(diagnosis.blocked)),
        JSONMember(key: "scheduled", value: .int(diagnosis.scheduled)),
        JSONMember(key: "assigned", value: .int(diagnosis.assigned)),
        JSONMember(key: "nextReadyAt", value: diagnosis.nextReadyAt.map { .instant($0) } ?? .null)
      ])
  }
}
