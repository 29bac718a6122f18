import OrchCore
import OrchStore

/// Which lease a holder's command is about; what is nil is found from the lease files.
package struct HolderRequest: Sendable {
  package var token: Token?
  package var task: String?
  package var session: String?

  package init(token: Token? = nil, task: String? = nil, session: String? = nil) {
    self.token = token
    self.task = task
    self.session = session
  }

  /// Whether the task or the session is named.
  var isNamed: Bool { task != nil || session != nil }
}

/// The token that a holder's command goes by, as the database sees it in the command's own transaction.
struct ResolvedToken {
  var grant: Grant
  var session: Session
  var task: Task
  /// The lease, while the token is the present one.
  var lease: Lease?
  /// Where the token came from; nil when it was given.
  var file: LeaseFile?

  /// Who acts: the agent given, else the token's.
  func actor(_ settings: Settings) -> String {
    settings.agent ?? lease?.agent ?? file?.agent ?? task.lastAuthor ?? ""
  }
}

extension App {
  /// Finds the token that a holder's command is about.
  ///
  /// - Parameter files: the lease files, read before the transaction began.
  /// - Throws: `lease-lost` for a token never granted, `nothing-held`, `usage` when several leases would do.
  func standing(_ request: HolderRequest, files: [LeaseFile], in reader: any StoreReader) throws -> ResolvedToken {
    let wanted = try request.task.map { try task($0, in: reader) }
    if let token = request.token {
      guard let standing = try standing(of: token, file: nil, in: reader) else {
        throw OrchError.lost(task: wanted?.id ?? "the task", nil)
      }
      if let wanted, wanted.id != standing.task.id || wanted.logID != standing.task.logID {
        throw OrchError.refused("the token is for \(standing.task.id), not for \(wanted.id)", hint: "orch status")
      }
      return standing
    }
    let session = try request.session.map { reader.reference(to: try self.session($0, in: reader)) }
    let standings = try candidates(files, anywhere: request.isNamed, in: reader).filter {
      (wanted == nil || ($0.standing.task.id == wanted?.id && $0.standing.task.logID == wanted?.logID))
        && (session == nil || reader.reference(to: $0.standing.session) == session)
    }
    let live = standings.filter { $0.standing.lease != nil }
    guard let nearest = live.map(\.distance).min() else {
      guard let newest = standings.max(by: { $0.writtenAt < $1.writtenAt }) else { throw nothingHeld(wanted?.id) }
      return newest.standing
    }
    let near = live.filter { $0.distance == nearest }
    guard near.count == 1 else { throw several(near.map(\.standing)) }
    return near[0].standing
  }

  /// What finding the token that a holder's command is about asks.
  func foresight(_ request: HolderRequest, _ files: [LeaseFile]) -> [ReadRequest] {
    let task = request.task.map { [ReadRequest.task($0)] } ?? []
    if let token = request.token { return [.grant(token.hash)] + task }
    let near = files.filter { file in
      (settings.agent == nil || settings.agent == file.agent)
        && (request.isNamed || settings.instance.distance(to: file.instance) != nil)
    }
    return foresight(near) + task
  }

  func foresight(_ files: [LeaseFile]) -> [ReadRequest] { newest(files).map { .grant($0.token.hash) } }

  /// The newest of them: of many, most are of leases that ended long ago.
  func newest(_ files: [LeaseFile]) -> ArraySlice<LeaseFile> {
    files.sorted { $0.writtenAt > $1.writtenAt }.prefix(16)
  }

  /// A token and how near it was taken.
  struct Candidate {
    var standing: ResolvedToken
    var distance: Int
    var writtenAt: Int64
  }

  /// The granted tokens of this agent in this place, or, when the lease is named, in any place that has no name.
  func candidates(_ files: [LeaseFile], anywhere: Bool, in reader: any StoreReader) throws -> [Candidate] {
    let own = try candidates(files.filter { $0.logID == reader.logID }, of: anywhere, in: reader)
    // Of another database only when nothing is held of this one: it may have been moved, or imported, here.
    guard !own.contains(where: { $0.standing.lease != nil }) else { return own }
    return try own + candidates(files.filter { $0.logID != reader.logID }, of: anywhere, in: reader)
  }

  private func candidates(_ files: [LeaseFile], of anywhere: Bool, in reader: any StoreReader) throws -> [Candidate] {
    try files.compactMap { file in
      guard settings.agent == nil || settings.agent == file.agent else { return nil }
      let near = settings.instance.distance(to: file.instance)
      guard let distance = near ?? (anywhere && !file.instance.isNamed ? Int.max : nil) else { return nil }
      guard let standing = try standing(of: file.token, file: file, in: reader) else { return nil }
      return Candidate(standing: standing, distance: distance, writtenAt: file.writtenAt)
    }
  }

  func standing(of token: Token, file: LeaseFile?, in reader: any StoreReader) throws -> ResolvedToken? {
    let hash = token.hash
    guard let grant = try reader.grant(hash) else { return nil }
    guard let session = try reader.session(grant.session, logID: grant.logID) else {
      throw StoreError.corrupt("a token names a session that is not there: \(grant.session)")
    }
    let task = try task(grant.task, of: session, in: reader)
    let lease = session.lease.flatMap { $0.tokenHash == hash ? $0 : nil }
    return ResolvedToken(grant: grant, session: session, task: task, lease: lease, file: file)
  }

  private func nothingHeld(_ task: String?) -> OrchError {
    let what: String =
      switch (settings.agent, task) {
      case (let agent?, let task?): "\(agent) does not hold \(task)"
      case (let agent?, nil): "\(agent) holds nothing here"
      case (nil, let task?): "\(task) is not held from here"
      case (nil, nil): "nothing is held here"
      }
    return OrchError(.nothingHeld, what, hint: task.map { "orch show \($0)" } ?? "orch claim")
  }

  private func several(_ standings: [ResolvedToken]) -> OrchError {
    let list = standings.map { "\($0.task.id) (\($0.lease?.agent ?? ""))" }.sorted().joined(separator: ", ")
    return .usage("several leases are held here: \(list)", hint: "name one: orch COMMAND --task TASK")
  }
}

/// How a token came to its end.
enum LeaseEndReason {
  /// By its own release or handoff: what was recorded.
  case own(Outcome?, StoredEvent)
  case cancelled(LeaseLossInfo)
  case superseded(LeaseLossInfo)
}

extension App {
  /// How a dead token ended, from its task's events.
  func ending(of standing: ResolvedToken, in reader: any StoreReader) throws -> LeaseEndReason {
    var ending: LeaseEndReason?
    try reader.forEachEvent(EventQuery(.newestFirst, task: reader.reference(to: standing.task))) { recorded in
      let entry = try recorded.entry()
      let event = entry.event
      guard let fence = event.fence, fence >= standing.grant.fence else {
        return event.fence == nil
      }
      let loss = LeaseLossInfo(
        agent: event.roles.actor ?? "somebody", host: event.data.string(.host), since: event.at,
        how: event.type.attemptEnd == .expired ? "recovered" : "taken over")
      guard fence == standing.grant.fence else {
        // A later grant of the task; the first of them took it.
        if event.type.isGrant { ending = .superseded(loss) }
        return true
      }
      switch event.type.attemptEnd {
      case .released(let outcome): ending = .own(outcome, recorded)
      case .handedOver: ending = .own(nil, recorded)
      case .cancelled: ending = .cancelled(loss)
      case .expired: ending = ending ?? .superseded(loss)
      case nil: break
      }
      return !event.type.isGrant
    }
    return ending
      ?? .superseded(LeaseLossInfo(agent: "somebody", host: nil, since: standing.session.at, how: "taken over"))
  }

  /// The error for a command, other than the same release again, under a dead token.
  func dead(_ standing: ResolvedToken, in reader: any StoreReader) throws -> OrchError {
    switch try ending(of: standing, in: reader) {
    case .cancelled(let loss): return OrchError(.taskCancelled, task: standing.task.id, loss: loss)
    case .superseded(let loss): return .lost(task: standing.task.id, loss)
    case .own(_, let recorded):
      let event = try recorded.entry().event
      let what = "\(standing.task.id) was given back with \(event.type.rawValue) at \(event.at.iso8601)"
      guard standing.file == nil else { return OrchError(.nothingHeld, what, hint: "orch claim") }
      return OrchError(
        .leaseLost, "the lease is over: \(what)", hint: "orch claim",
        details: [JSONMember(key: "holder", value: .null)])
    }
  }
}
