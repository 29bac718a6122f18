import OrchGit
package import OrchCore
import OrchStore

/// The terms of an offer.
package struct OfferRequest: Sendable {
  package var to: String
  package var why: String
  package var next: String?
  package var expiresInSeconds: Int
  package var allowsDirty: Bool

  package init(to: String, why: String, next: String?, expiresInSeconds: Int, allowsDirty: Bool) {
    self.to = to
    self.why = why
    self.next = next
    self.expiresInSeconds = expiresInSeconds
    self.allowsDirty = allowsDirty
  }
}

/// An offer that was made or answered, and the task after it.
package struct Offered: Sendable {
  package var handoff: HandoffView
  package var task: Task
  package var now: Instant
}

extension App {
  /// Offers the held task to another agent. The same offer again answers what was recorded.
  package func offer(_ holder: HolderRequest, _ request: OfferRequest) throws(OrchError) -> Offered {
    try mappingErrors {
      try checkCommitted(refusing: !request.allowsDirty, hint: .text(.hintCommitOrAllow))
      if let head = surroundings.head?.commit, try surroundings.repository?.isUnpushed(head) == true {
        warn(.warningNotPushedTo(head: head.short, to: request.to))
      }
      return try store.write(.all(holderToken(holder), lookalike(of: request.to))) { loaded, writer in
        warnOfUnknown(request.to, loaded.1)
        switch loaded.0 {
        case .ended(let ended): return try replayIfIdentical(request, ended, in: writer)
        case .active(let held): return try offer(request, held, in: writer)
        }
      }
    }
  }

  private func offer(_ request: OfferRequest, _ held: ActiveLease, in writer: any StoreWriter) throws -> Offered {
    let offer = Offer(
      from: held.lease.agent, to: request.to, why: request.why, next: request.next,
      expiresAt: writer.now.adding(seconds: request.expiresInSeconds))
    let done = try execute(
      .offer(offer, fence: held.lease.fence), on: held.session, task(of: held, in: writer), by: actor(of: held.lease),
      in: writer)
    let (task, recorded) = (try writer.named(done.requiredTask()), try done.requiredEvent())
    return Offered(
      handoff: HandoffView(
        task: task.shownID, from: offer.from, to: offer.to, why: offer.why, next: offer.next, state: .offered,
        offeredAt: try recorded.entry().event.at, expiresAt: offer.expiresAt, event: recorded.id),
      task: task, now: writer.now)
  }

  /// An offer under a token that has ended: what was recorded, whatever became of it, if it was to the same agent.
  private func replayIfIdentical(
    _ request: OfferRequest, _ token: ResolvedToken, in reader: any StoreReader
  ) throws -> Offered {
    guard case .own(nil, let recorded) = try leaseEnd(of: token, in: reader) else {
      throw try leaseEndedError(token, in: reader)
    }
    let event = try recorded.entry().event
    if let agent = settings.agent, let giver = event.roles.actor, agent != giver {
      throw OrchError(.notTheHolder(holder: giver), task: token.task.id)
    }
    guard event.data.string(.to) == request.to else { throw try leaseEndedError(token, in: reader) }
    return try offered(reader.named(token.task), by: recorded.id, in: reader)
  }

  /// Takes an offered task: a claim of it, with a read-back.
  package func accept(_ reference: String, restatement: String?, ttlSeconds: Int?) throws(OrchError) -> Claim {
    var request = ClaimRequest()
    request.task = reference
    request.onlyOffered = true
    request.restatement = restatement
    request.ttlSeconds = ttlSeconds
    return try claim(request)
  }

  /// Accepts the offer of a task and claims it in one.
  func grantOffered(
    _ task: Task, _ restatement: String?, _ terms: GrantTerms, in writer: any StoreWriter
  ) throws -> Claim {
    var session = try session(of: task, in: writer)
    // The receiver may have worked on something else in that session, and be gone.
    if session.lease?.isStale(at: writer.now) == true, let offer = session.offer, offer.expiresAt > writer.now {
      try recover(session, by: caller(terms.agent, at: writer.now), forced: nil, in: writer)
      session = try self.session(of: task, in: writer)
    }
    if let held = session.lease, held.task == task.id, held.agent == terms.agent {
      // The same command again: its first answer may have been lost.
      throw OrchError.refused(.errorYouHold(task: task.id), hint: .run("resume", task.id))
    }
    let done = try execute(
      .accept(terms.lease, restate: restatement), on: session, task, by: terms.agent, in: writer)
    warnOfLifted(task, terms.agent)
    return try answer(done, terms.reservation, in: writer)
  }

  /// The task that is offered to who claims, the first to expire of those that the claim is about.
  func offered(_ query: ClaimQuery, in reader: any StoreReader) throws -> Task? {
    for session in try reader.sessionsOffered(to: query.agent, limit: Self.offersPerClaim) {
      guard session.isUnderstood, let offer = session.offer,
        query.session == nil || query.session == reader.reference(to: session)
      else {
        continue
      }
      let task = try task(offer.task, of: session, in: reader)
      if query.rule.asks(for: ClaimFilterKey(task)), task.offer?.to == query.agent { return task }
    }
    return nil
  }

  /// How many offers a claim looks at.
  private static let offersPerClaim = 64

  /// Sends an offered task back to the giver's queue.
  package func decline(_ reference: String, why: String) throws(OrchError) -> Offered {
    _ = try agent()
    return try write(subject(reference)) { subject, writer in
      try offered(execute(.decline(why: why), on: subject, in: writer).task, in: writer)
    }
  }

  /// Offers that nobody has answered yet, the first to expire first; with `all`, every offer there ever was.
  package func handoffs(to: String?, from: String?, all: Bool) throws(OrchError) -> [HandoffView] {
    try read { reader in
      var tasks: [Task] = []
      if all {
        var seen: Set<String> = []
        try reader.forEachEvent(EventQuery(.oldestFirst, facet: .type(.handoffOffered))) { recorded in
          let entry = try recorded.entry()
          guard entry.event.type == .handoffOffered, let id = entry.event.task else { return true }
          guard seen.insert("\(entry.logID)/\(id)").inserted, let task = try reader.task(id, logID: entry.logID) else {
            return true
          }
          tasks.append(task)
          return true
        }
      } else {
        var query = TaskQuery()
        query.state = .offered
        tasks = try reader.tasks(query, after: nil, limit: .max)
      }
      var views: [HandoffView] = []
      for task in tasks {
        views += try history(of: reader.named(task), in: reader).handoffs.filter { all || $0.state == .offered }
      }
      return views.filter { (to == nil || $0.to == to) && (from == nil || $0.from == from) }
        .sorted { all ? $0.offeredAt < $1.offeredAt : $0.expiresAt < $1.expiresAt }
    }
  }

  /// An offer of a task: that of an event, else the last.
  private func offered(_ task: Task, by event: EventID? = nil, in reader: any StoreReader) throws -> Offered {
    guard let view = try history(of: task, in: reader).handoffs.last(where: { event == nil || $0.event == event })
    else {
      throw StoreError.corrupt(.damageNoOffer(task: task.id))
    }
    return Offered(handoff: view, task: task, now: reader.now)
  }
}
