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
  /// Resumes the newest lease that this agent took here, under a new token: of two restarts the later one holds.
  package func resume(_ request: ResumeRequest) throws(OrchError) -> Claim {
    try mappingErrors {
      let files = leaseFiles.all()
      let agent = try resumingAgent(request, files)
      return try withReservedLeaseFile(for: agent, earlier: files) { reservation in
        let terms = GrantTerms(reservation: reservation, agent: agent, ttlSeconds: request.ttlSeconds)
        let own = files.filter { $0.agent == agent }
        return try store.write(.all(resumable(request.holder, own, agent), heldTokens(reservation))) { loaded, writer in
          switch loaded.0 {
          case .active(let held):
            let task = try task(of: held, in: writer)
            return try rotate(held.session, task, fence: held.lease.fence, terms, in: writer)
          case .ended(let ended):
            throw try leaseEndedError(ended, in: writer)
          case nil:
            return try takeUp(request, terms, in: writer)
          }
        }
      }
    }
  }

  /// The agent given, else the one agent that holds, or held, here.
  private func resumingAgent(_ request: ResumeRequest, _ files: [LeaseFile]) throws -> String {
    if let agent = settings.agent { return agent }
    let here = files.filter { settings.instance.distance(to: $0.instance) != nil }
    let live = try store.read { reader -> [String] in
      if let token = request.holder.token, let held = try activeLease(of: token, nil, in: reader) {
        return [held.lease.agent]
      }
      return try here.filter { try activeLease(of: $0.token, $0, in: reader) != nil }.map(\.agent)
    }
    let agents = Set(live.isEmpty ? here.map(\.agent) : live)
    guard agents.count == 1, let agent = agents.first else { return try self.agent() }
    return agent
  }

  /// The token to resume by: the one given, or the newest of the nearest that are held here; nil when what is named is
  /// held by no token from here.
  private func resumable(_ request: HolderRequest, _ files: [LeaseFile], _ agent: String) -> Read<HolderToken?> {
    if request.token != nil { return holderToken(request).map { token, _ in token } }
    let near = nearby(files, anywhere: request.isNamed)
    let tokens = Read<Void>(newest(near).map { .grant($0.file.token.hash) }) { _ in }
    return Read.all(task(named: request.task), session(named: request.session), tokens).map { named, reader in
      let (task, session, _) = named
      let held = try self.activeLeases(of: near, in: reader) { held in
        let token = HolderToken.active(held)
        return (task.map(token.isAbout) ?? true) && (session.map(token.isIn) ?? true)
      }.sorted {
        ($0.file.distance, $1.file.file.writtenAt) < ($1.file.distance, $0.file.file.writtenAt)
      }
      if let first = held.first?.held {
        for other in held.dropFirst() {
          let task = try self.task(of: other.held, in: reader)
          self.warn(.warningAlsoHeld(task: task.id, title: task.title))
        }
        return .active(first)
      }
      if request.isNamed { return nil }
      guard let ended = try self.newestEnded(of: near, in: reader) else {
        try self.leaseFiles.requireReadable()
        throw OrchError(.nothingHeld, .errorHoldsNothingHere(agent: agent), hint: .run("claim"))
      }
      return .ended(ended)
    }
  }

  /// Takes up a named task without its token: a stale lease as a claim, a live one of the same agent on request.
  private func takeUp(_ request: ResumeRequest, _ terms: GrantTerms, in writer: any StoreWriter) throws -> Claim {
    let session: Session
    let task: Task
    if let reference = request.holder.task {
      task = try self.task(reference, in: writer)
      session = try self.session(of: task, in: writer)
    } else {
      session = try self.session(request.holder.session ?? "", in: writer)
      guard let id = session.lease?.task else {
        throw OrchError(
          .nothingHeld, .errorSessionHeldNobody(session: session.id), hint: .run("claim", "--session", session.id))
      }
      task = try self.task(id, of: session, in: writer)
    }
    guard let lease = session.lease, lease.task == task.id else {
      throw OrchError(
        .nothingHeld, .errorNotHeld(task: task.id, visibleState: task.visibleState(at: writer.now).message),
        hint: task.state == .queued ? .run("claim", task.id) : .run("show", task.id))
    }
    if lease.isStale(at: writer.now) {
      var terms = terms
      terms.ttlSeconds = terms.ttlSeconds ?? lease.ttlSeconds
      return try grant(task, terms, isNamed: true, in: writer)
    }
    guard lease.agent == terms.agent, request.take else {
      var error = OrchError.held(lease)
      if lease.agent == terms.agent {
        error.message = .errorHeldElsewhere(
          agent: terms.agent, task: task.id, host: lease.host, place: lease.instance ?? "?", seen: lease.heartbeatAt)
        error.hint = .text(.hintTake(command: ShellCommand.orch("resume", task.id, "--take")))
      }
      throw error
    }
    return try rotate(session, task, fence: nil, terms, in: writer)
  }

  /// Grants the lease anew under another token.
  private func rotate(
    _ session: Session, _ task: Task, fence: Int?, _ terms: GrantTerms, in writer: any StoreWriter
  ) throws -> Claim {
    let done = try execute(.resume(terms.lease, fence: fence), on: session, task, by: terms.agent, in: writer)
    return try answer(done, terms.reservation, in: writer)
  }
}
