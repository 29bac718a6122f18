import OrchCore
import OrchStore

extension OrchError {
  /// A rule's refusal in words, with the command that leads on.
  ///
  /// - Parameters:
  ///   - task: the task the command was about.
  ///   - loss: who took the lease and when, where that could be found out.
  init(_ rejection: Rejection, task: String, loss: LeaseLossInfo? = nil) {
    switch rejection {
    case .notUnderstood(let session):
      self.init(StoreError.notUnderstood(session))
    case .leaseHeld(let lease):
      self = .held(lease)
    case .reserved(let offered, let to, let until):
      self.init(
        .leaseHeld, "the session is reserved for \(to), to whom \(offered) is offered until \(until.iso8601)",
        hint: "orch claim",
        details: [
          JSONMember(
            key: "holder",
            value: .object([
              JSONMember(key: "agent", value: .string(to)), JSONMember(key: "host", value: .null),
              JSONMember(key: "since", value: .null)
            ]))
        ])
    case .leaseLost:
      self = .lost(task: task, loss)
    case .taskCancelled:
      self.init(
        .taskCancelled, "\(task) was cancelled\(loss.map { " by \($0.agent) at \($0.since.iso8601)" } ?? "")",
        hint: "stop working on it: do not commit, push or release; see orch show \(task)",
        details: loss.map { [JSONMember(key: "holder", value: $0.json)] } ?? [])
    case .endedOtherwise:
      self = .refused("this lease already ended with another outcome", hint: "orch show \(task)")
    case .wrongState(let state, let verb):
      self = .refused(
        "\(task) is \(state.rawValue): it cannot be \(verb.pastParticiple)",
        hint: Self.nextCommand(from: state, task, after: verb))
    case .blocked(let open):
      self = .refused("\(task) waits for \(open) task\(open == 1 ? "" : "s") to be done", hint: "orch show \(task)")
    case .scheduled(let until):
      self = .refused("\(task) is not to be started before \(until.iso8601)", hint: "orch claim --wait")
    case .assigned(let to):
      self = .refused("\(task) is assigned to \(to)", hint: "orch claim")
    case .claimerReviews:
      self = .refused("you are to review \(task)", hint: "orch claim")
    case .notTheHolder(let holder):
      self = .refused("the lease is \(holder)'s", hint: "orch status")
    case .reviewRequired:
      self = .refused("\(task) requires a review before it is done", hint: "orch release review")
    case .checksMissing(let names):
      self = .refused(
        "\(task) requires checks that have not passed on what is there now: \(names.joined(separator: ", "))",
        hint: "orch check \(names[0]) --task \(task) -- COMMAND")
    case .noEligibleReviewer:
      self = .refused(
        "nobody may review \(task): a reviewer must be somebody who held none of its attempts",
        hint: "orch release review --reviewer AGENT")
    case .reviewerIsAuthor:
      self = .refused(
        "nobody reviews work of their own: you held an attempt of \(task)", hint: "orch edit \(task) --reviewer AGENT")
    case .notAReviewer(let reviewers):
      self = .refused(
        reviewers.isEmpty
          ? "\(task) has no reviewers: who approves has to be one of them"
          : "you are no reviewer of \(task): that is \(reviewers.joined(separator: ", "))",
        hint: "orch edit \(task) --reviewer AGENT")
    case .notAnAuthor(let holders):
      self = .refused(
        "who submits \(task) again has to have held it: \(holders.joined(separator: ", "))", hint: "orch show \(task)")
    case .resubmitted:
      self = .refused("\(task) was submitted again meanwhile: look at that first", hint: "orch show \(task)")
    case .staleSubmission(let branch):
      self.init(
        .staleSubmission,
        "the branch \(branch ?? "") holds something else by now than what was submitted of \(task)",
        hint: "orch review submit \(task), by its author")
    case .ownerIsLast(let others):
      self = .refused(
        "the owner approves last: \(others.joined(separator: ", ")) \(others.count == 1 ? "has" : "have") not approved yet",
        hint: "orch review list")
    case .uncommitted:
      self = .refused(
        "\(task) requires checks, and what is not committed has passed none",
        hint: "commit, then orch check NAME -- COMMAND")
    case .decided(let standing):
      // The whole of it stands beside the message.
      let why = standing.because.map { ": \($0.prefix(400))\($0.count > 400 ? "…" : "")" } ?? ""
      self.init(
        .refused, "\(standing.key) is settled as \(standing.value), by \(standing.by ?? "somebody")\(why)",
        hint: "orch decide \(standing.key) VALUE --because TEXT --supersedes \(standing.id.hex.prefix(10))",
        details: [
          JSONMember(
            key: "decision",
            value: .object([
              JSONMember(key: "event", value: .string(standing.id.hex)),
              JSONMember(key: "key", value: .string(standing.key)),
              JSONMember(key: "value", value: .string(standing.value)),
              JSONMember(key: "by", value: standing.by.map { .string($0) } ?? .null),
              JSONMember(key: "because", value: standing.because.map { .string($0) } ?? .null),
              JSONMember(key: "at", value: .instant(standing.at))
            ]))
        ])
    case .nothingDecided:
      self = .refused("nothing is settled there: there is no decision to take the place of", hint: "orch decisions")
    case .notTheReceiver(let to):
      self = .refused("\(task) is offered to \(to)", hint: "orch show \(task)")
    case .offerToSelf:
      self = .refused("a task is offered to somebody else", hint: "orch agents")
    case .notStale(let lease):
      self.init(
        .refused, "\(lease.agent) holds \(task) until \(lease.expiresAt.iso8601): the lease is not stale",
        hint: "orch status", details: [JSONMember(key: "holder", value: lease.holderJSON)])
    case .nothingToRecover:
      self = .refused("\(task) is held by nobody", hint: "orch status")
    case .taskExists:
      self = .refused("there is a task \(task) already", hint: "orch show \(task)")
    case .outOfRange(let what):
      self = .usage("\(what) is out of range")
    }
  }

  static func held(_ lease: Lease) -> OrchError {
    OrchError(
      .leaseHeld,
      "\(lease.agent) on \(lease.host) has held \(lease.task) since \(lease.acquiredAt.iso8601), "
        + "last sign of life \(lease.heartbeatAt.iso8601)",
      hint: "orch claim", details: [JSONMember(key: "holder", value: lease.holderJSON)])
  }

  static func lost(task: String, _ loss: LeaseLossInfo?) -> OrchError {
    guard let loss else {
      return OrchError(
        .leaseLost, "this token holds nothing: it was never granted, or not by this database",
        hint: "stop: do not commit, push or release; orch claim", details: [JSONMember(key: "holder", value: .null)])
    }
    return OrchError(
      .leaseLost, "the lease on \(task) is lost: \(loss.how) by \(loss.agent) at \(loss.since.iso8601)",
      hint: "stop: do not commit, push or release; orch show \(task)",
      details: [JSONMember(key: "holder", value: loss.json)])
  }

  /// The command that leads on from a state that does not allow what was wanted.
  private static func nextCommand(from state: TaskState, _ task: String, after verb: Rejection.Verb) -> String {
    switch (state, verb) {
    // Only who wants to work on it is sent to `retry`: a late approval is no reason to do the work again.
    case (.dead, .claim), (.cancelled, .claim), (.done, .claim): "orch retry \(task)"
    case (.queued, .retry), (.queued, .handOver): "orch claim \(task)"
    case (.queued, _), (.running, _), (.review, _), (.offered, _), (.done, _), (.dead, _), (.cancelled, _):
      "orch show \(task)"
    }
  }
}

/// Who took a lease, when and how.
struct LeaseLossInfo: Hashable, Sendable {
  var agent: String
  var host: String?
  var since: Instant
  /// `taken over`, `recovered`, `cancelled`, …
  var how: String

  var json: JSON {
    .object([
      JSONMember(key: "agent", value: .string(agent)),
      JSONMember(key: "host", value: host.map { .string($0) } ?? .null),
      JSONMember(key: "since", value: .instant(since))
    ])
  }
}

extension Lease {
  var holderJSON: JSON {
    .object([
      JSONMember(key: "agent", value: .string(agent)), JSONMember(key: "host", value: .string(host)),
      JSONMember(key: "since", value: .instant(acquiredAt))
    ])
  }
}

extension Rejection.Verb {
  fileprivate var pastParticiple: String {
    switch self {
    case .claim: "claimed"
    case .edit: "edited"
    case .cancel: "cancelled"
    case .retry: "retried"
    case .handOver: "handed over"
    case .submit: "submitted"
    case .review: "reviewed"
    }
  }
}
