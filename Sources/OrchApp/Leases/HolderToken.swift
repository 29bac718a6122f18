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

/// A lease and the session that it is on, found by its token.
struct ActiveLease {
  var session: Session
  var lease: Lease
  /// The file that has the token; nil for a token that the caller gave.
  var file: LeaseFile?
}

/// A token that was granted and whose lease is over.
struct ResolvedToken {
  var grant: Grant
  var session: Session
  var task: Task
  /// The file that has the token; nil for a token that the caller gave.
  var file: LeaseFile?
}

/// What the token that a holder's command goes by is, in the command's own transaction.
enum HolderToken {
  case active(ActiveLease)
  case ended(ResolvedToken)
}

/// A lease file and how near to here it was written: 0 in this place, more in directories above, `Int.max` elsewhere.
struct NearbyFile {
  var file: LeaseFile
  var distance: Int
}

// The one answer to which lease a command is about. A heartbeat reads one session row by it, its own.

extension App {
  /// Who acts under a lease: the agent given, else the holder.
  func actor(of lease: Lease) -> String { settings.agent ?? lease.agent }

  /// The lease that a holder's command is about.
  ///
  /// - Parameter withTask: whether the command reads the lease's task, too.
  /// - Throws: `lease-lost`, `task-cancelled`, `nothing-held`, and `usage` where several leases would do.
  func activeLease(_ request: HolderRequest, withTask: Bool = true) -> Read<ActiveLease> {
    holderToken(request, withTask: withTask).map { token, reader in
      switch token {
      case .active(let held): return held
      case .ended(let token): throw try self.leaseEndedError(token, in: reader)
      }
    }
  }

  /// The token that a holder's command goes by: the one given, else that of the nearest lease that is held here.
  ///
  /// - Parameter withTask: whether the command reads the lease's task, too.
  /// - Throws: `lease-lost` for a token that was never granted, `nothing-held`, `usage` where several leases would do.
  func holderToken(_ request: HolderRequest, withTask: Bool = true) -> Read<HolderToken> {
    let files = request.token == nil ? nearby(leaseFiles.all(), anywhere: request.isNamed) : []
    let tokens = request.token.map { [$0] } ?? newest(files).map(\.file.token)
    var requests = tokens.map { withTask || request.isNamed ? ReadRequest.grant($0.hash) : .holding($0.hash) }
    if let task = request.task { requests.append(.task(task)) }
    if let session = request.session { requests.append(.session(session)) }
    return Read(requests) { reader in
      let task = try request.task.map { try self.task($0, in: reader) }
      if let token = request.token { return try self.holderToken(given: token, for: task, in: reader) }
      let session = try request.session.map { try self.session($0, in: reader) }
      return try self.holderToken(of: files, for: task, in: session, reader)
    }
  }

  private func holderToken(given token: Token, for task: Task?, in reader: any StoreReader) throws -> HolderToken {
    guard let found = try holderToken(of: token, nil, in: reader) else {
      throw OrchError.lost(task: task?.id ?? "", nil)
    }
    if let task, !found.isAbout(task) {
      throw OrchError.refused(.errorTokenOfOtherTask(task: found.task, wanted: task.id), hint: .run("status"))
    }
    return found
  }

  private func holderToken(
    of files: [NearbyFile], for task: Task?, in session: Session?, _ reader: any StoreReader
  ) throws -> HolderToken {
    func isWanted(_ token: HolderToken) -> Bool {
      (task.map(token.isAbout) ?? true) && (session.map(token.isIn) ?? true)
    }
    let held = try activeLeases(of: files, onlyNearest: true, in: reader) { isWanted(.active($0)) }
    if let first = held.first {
      guard held.count == 1 else { throw several(held.map(\.held)) }
      return .active(first.held)
    }
    guard let ended = try newestEnded(of: files, in: reader, where: { isWanted(.ended($0)) }) else {
      try leaseFiles.requireReadable()
      throw nothingHeld(task?.id)
    }
    return .ended(ended)
  }

  // MARK: Tokens

  /// What a token is; nil when it was never granted here.
  func holderToken(of token: Token, _ file: LeaseFile?, in reader: any StoreReader) throws -> HolderToken? {
    if let held = try activeLease(of: token, file, in: reader) { return .active(held) }
    return try endedToken(token, file, in: reader).map { .ended($0) }
  }

  /// The lease that a token has; nil when it has none, or none any more.
  func activeLease(of token: Token, _ file: LeaseFile?, in reader: any StoreReader) throws -> ActiveLease? {
    guard let session = try reader.session(holding: token.hash), let lease = session.lease else { return nil }
    return ActiveLease(session: session, lease: lease, file: file)
  }

  /// The grant of a token whose lease is over; nil when it was never granted here.
  private func endedToken(_ token: Token, _ file: LeaseFile?, in reader: any StoreReader) throws -> ResolvedToken? {
    guard let grant = try reader.grant(token.hash) else { return nil }
    guard let session = try reader.session(grant.session, logID: grant.logID) else {
      throw StoreError.corrupt(.damageTokenSession(session: grant.session))
    }
    return ResolvedToken(
      grant: grant, session: session, task: try task(grant.task, of: session, in: reader), file: file)
  }

  /// The task of a lease.
  func task(of held: ActiveLease, in reader: any StoreReader) throws -> Task {
    try task(held.lease.task, of: held.session, in: reader)
  }

  // MARK: Files

  /// The files of this agent in this place or, where the lease is named, in any place that has no name; the nearest first.
  func nearby(_ files: [LeaseFile], anywhere: Bool) -> [NearbyFile] {
    files.compactMap { file -> NearbyFile? in
      guard settings.agent == nil || settings.agent == file.agent else { return nil }
      let near = settings.instance.distance(to: file.instance)
      guard let distance = near ?? (anywhere && !file.instance.isNamed ? Int.max : nil) else { return nil }
      return NearbyFile(file: file, distance: distance)
    }.sorted { $0.distance < $1.distance }
  }

  /// The newest files: of many, most are of leases that ended long ago, and are not worth a request ahead.
  func newest(_ files: [NearbyFile]) -> ArraySlice<NearbyFile> {
    files.sorted { $0.file.writtenAt > $1.file.writtenAt }.prefix(16)
  }

  /// The leases that the tokens of these files have now, the nearest first.
  ///
  /// Files of another database count only where this one's have none: it may have been moved, or imported, here.
  ///
  /// - Parameter onlyNearest: leave out what is farther away than the first.
  func activeLeases(
    of files: [NearbyFile], onlyNearest: Bool = false, in reader: any StoreReader,
    where isWanted: (ActiveLease) -> Bool = { _ in true }
  ) throws -> [(held: ActiveLease, file: NearbyFile)] {
    for isOwn in [true, false] {
      var found: [(held: ActiveLease, file: NearbyFile)] = []
      for near in files where (near.file.logID == reader.logID) == isOwn {
        if onlyNearest, let first = found.first, near.distance > first.file.distance { break }
        guard let held = try activeLease(of: near.file.token, near.file, in: reader), isWanted(held) else { continue }
        found.append((held, near))
      }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// The newest of these files' tokens whose lease is over.
  func newestEnded(
    of files: [NearbyFile], in reader: any StoreReader, where isWanted: (ResolvedToken) -> Bool = { _ in true }
  ) throws -> ResolvedToken? {
    for near in files.sorted(by: { $0.file.writtenAt > $1.file.writtenAt }) {
      guard case .ended(let token)? = try holderToken(of: near.file.token, near.file, in: reader), isWanted(token)
      else { continue }
      return token
    }
    return nil
  }

  // MARK: Errors

  private func nothingHeld(_ task: String?) -> OrchError {
    let what: Message =
      switch (settings.agent, task) {
      case (let agent?, let task?): .errorDoesNotHold(agent: agent, task: task)
      case (let agent?, nil): .errorHoldsNothingHere(agent: agent)
      case (nil, let task?): .errorNotHeldHere(task: task)
      case (nil, nil): .errorNothingHeldHere
      }
    return OrchError(.nothingHeld, what, hint: task.map { .run("show", $0) } ?? .run("claim"))
  }

  private func several(_ leases: [ActiveLease]) -> OrchError {
    let list = leases.map { "\($0.lease.task) (\($0.lease.agent))" }.sorted().joined(separator: ", ")
    return .usage(.errorSeveralLeases(list: list), hint: .text(.hintNameOne))
  }
}

extension HolderToken {
  private var session: Session {
    switch self {
    case .active(let held): held.session
    case .ended(let token): token.session
    }
  }

  /// The id of the task that the token is, or was, for.
  var task: String {
    switch self {
    case .active(let held): held.lease.task
    case .ended(let token): token.task.id
    }
  }

  func isAbout(_ task: Task) -> Bool { self.task == task.id && session.logID == task.logID }
  func isIn(_ session: Session) -> Bool { self.session.id == session.id && self.session.logID == session.logID }
}
