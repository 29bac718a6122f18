import OrchCore
import OrchStore

/// What to take up again.
package struct ResumeRequest: Sendable {
  package var holder: HolderRequest
  /// Take a live lease of the same agent from another place.
  package var take: Bool
  package var ttlSeconds: Int?

  package init(holder: HolderRequest, take: Bool = false, ttlSeconds: Int? = nil) {
    self.holder = holder
    self.take = take
    self.ttlSeconds = ttlSeconds
  }
}

extension App {
  /// Takes up the newest lease that this agent took here, under a new token: of two restarts the later one holds.
  package func resume(_ request: ResumeRequest) throws -> Claim {
    let files = leaseFiles.all()
    let agent = try resumingAgent(request, files)
    let token = Token()
    let file = try newLeaseFile(token, agent: agent)
    do {
      let claim: Claim = try store.write(requesting: foresight(request.holder, files)) { writer in
        var claim = try self.resume(
          request, agent: agent, token: token, files: files.filter { $0.agent == agent }, in: writer)
        claim.supersededFiles = try supersededFiles(files, by: file, in: writer)
        return claim
      }
      settle(file, claim)
      return claim
    } catch {
      if case .outcomeUnknown? = error as? StoreError { throw error }
      leaseFiles.remove(file)
      throw error
    }
  }

  /// The agent given, else the one agent that holds, or held, here.
  private func resumingAgent(_ request: ResumeRequest, _ files: [LeaseFile]) throws -> String {
    if let agent = settings.agent { return agent }
    if let token = request.holder.token {
      let agent = try store.read { reader in try self.standing(of: token, file: nil, in: reader)?.lease?.agent }
      if let agent { return agent }
    }
    let here = files.filter { settings.instance.distance(to: $0.instance) != nil }
    let live = try store.read { reader in
      try here.filter { try standing(of: $0.token, file: $0, in: reader)?.lease != nil }
    }
    let agents = Set((live.isEmpty ? here : live).map(\.agent))
    guard agents.count == 1, let agent = agents.first else { return try self.agent() }
    return agent
  }

  private func resume(
    _ request: ResumeRequest, agent: String, token: Token, files: [LeaseFile], in writer: any StoreWriter
  ) throws -> Claim {
    guard let standing = try resumable(request, agent: agent, files: files, in: writer) else {
      return try takeUp(request, agent: agent, token: token, in: writer)
    }
    guard standing.lease != nil else {
      if let named = request.holder.task, request.holder.token == nil, standing.task.state == .queued {
        throw OrchError(.nothingHeld, "\(named) is held by nobody", hint: "orch claim \(standing.task.id)")
      }
      throw try dead(standing, in: writer)
    }
    let held = try live(standing, in: writer)
    return try rotate(held.session, held.task, fence: held.lease.fence, request, agent: agent, token: token, in: writer)
  }

  /// The token to resume by: given, or the newest that is live here; nil when a named task's token is not here.
  private func resumable(
    _ request: ResumeRequest, agent: String, files: [LeaseFile], in writer: any StoreWriter
  ) throws -> ResolvedToken? {
    if request.holder.token != nil { return try standing(request.holder, files: [], in: writer) }
    let wanted = try request.holder.task.map { writer.reference(to: try task($0, in: writer)) }
    let session = try request.holder.session.map { writer.reference(to: try self.session($0, in: writer)) }
    let found = try candidates(files, anywhere: wanted != nil || request.holder.session != nil, in: writer)
      .filter {
        (wanted == nil || writer.reference(to: $0.standing.task) == wanted)
          && (session == nil || writer.reference(to: $0.standing.session) == session)
      }
      .sorted { ($0.distance, $1.writtenAt) < ($1.distance, $0.writtenAt) }
    let live = found.filter { $0.standing.lease != nil }
    if let first = live.first {
      for other in live.dropFirst() { warn("also held here: \(other.standing.task.id)  \(other.standing.task.title)") }
      return first.standing
    }
    if wanted != nil || request.holder.session != nil { return nil }
    guard let newest = found.max(by: { $0.writtenAt < $1.writtenAt }) else {
      throw OrchError(.nothingHeld, "\(agent) holds nothing here", hint: "orch claim")
    }
    return newest.standing
  }

  /// Takes up a named task without its token: a stale lease as a claim, a live one of the same agent on request.
  private func takeUp(
    _ request: ResumeRequest, agent: String, token: Token, in writer: any StoreWriter
  ) throws -> Claim {
    let session: Session
    let task: Task
    if let reference = request.holder.task {
      task = try self.task(reference, in: writer)
      session = try self.session(of: task, in: writer)
    } else {
      session = try self.session(request.holder.session ?? "", in: writer)
      guard let id = session.lease?.task else {
        throw OrchError(
          .nothingHeld, "the session \(session.id) is held by nobody", hint: "orch claim --session \(session.id)")
      }
      task = try self.task(id, of: session, in: writer)
    }
    guard let lease = session.lease, lease.task == task.id else {
      throw OrchError(
        .nothingHeld, "\(task.id) is \(task.visibleState(at: writer.now).rawValue), held by nobody",
        hint: task.state == .queued ? "orch claim \(task.id)" : "orch show \(task.id)")
    }
    if lease.isStale(at: writer.now) {
      let new = NewLease(tokenHash: token.hash, ttlSeconds: request.ttlSeconds ?? lease.ttlSeconds)
      return try claim(task, new, token, agent: agent, named: true, in: writer)
    }
    guard lease.agent == agent, request.take else {
      var error = OrchError.held(lease)
      if lease.agent == agent {
        error.message =
          "\(agent) holds \(task.id) elsewhere: on \(lease.host) in \(lease.instance ?? "?"), "
          + "last sign of life \(lease.heartbeatAt.iso8601)"
        error.hint = "if that one is gone: orch resume \(task.id) --take"
      }
      throw error
    }
    return try rotate(session, task, fence: nil, request, agent: agent, token: token, in: writer)
  }

  private func rotate(
    _ session: Session, _ task: Task, fence: Int?, _ request: ResumeRequest, agent: String, token: Token,
    in writer: any StoreWriter
  ) throws -> Claim {
    let lease = NewLease(tokenHash: token.hash, ttlSeconds: request.ttlSeconds)
    let events = try decided(
      .resume(lease, fence: fence), by: caller(agent, at: writer.now), session: session, task: task)
    var change = SessionChange(session)
    guard let resumed = try change.apply(events, to: task) else { throw StoreError.internal("a lease without a task") }
    try writer.append(change)
    return try claim(resumed, change.after, token, in: writer)
  }
}
