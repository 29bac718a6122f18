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
        .leaseHeld, .errorReserved(agent: to, task: offered, until: until), hint: .run("claim"),
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
        .taskCancelled,
        loss.map { .errorCancelledBy(task: task, agent: $0.agent, since: $0.since) } ?? .errorCancelled(task: task),
        hint: .text(.hintStopWorking(command: ShellCommand.orch("show", task))),
        details: loss.map { [JSONMember(key: "holder", value: $0.json)] } ?? [])
    case .endedOtherwise:
      self = .refused(.errorEndedOtherwise, hint: .run("show", task))
    case .wrongState(let state, let verb):
      self = .refused(
        Self.wrongState(task, state.message, verb), hint: Self.nextCommand(from: state, task, after: verb))
    case .blocked(let open):
      self = .refused(.errorBlocked(count: open, task: task), hint: .run("show", task))
    case .scheduled(let until):
      self = .refused(.errorScheduled(task: task, until: until), hint: .run("claim", "--wait"))
    case .assigned(let to):
      self = .refused(.errorAssigned(task: task, agent: to), hint: .run("claim"))
    case .claimerReviews:
      self = .refused(.errorClaimerReviews(task: task), hint: .run("claim"))
    case .notTheHolder(let holder):
      self = .refused(.errorNotTheHolder(holder: holder), hint: .run("status"))
    case .reviewRequired:
      self = .refused(.errorReviewRequired(task: task), hint: .run("release", "review"))
    case .checksMissing(let names):
      self = .refused(
        .errorChecksMissing(task: task, checks: names.joined(separator: ", ")),
        hint: .run("check", names[0], "--task", task, "--", "COMMAND"))
    case .noEligibleReviewer:
      self = .refused(.errorNoEligibleReviewer(task: task), hint: .run("release", "review", "--reviewer", "AGENT"))
    case .reviewerIsAuthor:
      self = .refused(.errorReviewerIsAuthor(task: task), hint: .run("edit", task, "--reviewer", "AGENT"))
    case .notAReviewer(let reviewers):
      self = .refused(
        reviewers.isEmpty
          ? .errorNoReviewers(task: task)
          : .errorNotAReviewer(task: task, reviewers: reviewers.joined(separator: ", ")),
        hint: .run("edit", task, "--reviewer", "AGENT"))
    case .notAnAuthor(let holders):
      self = .refused(
        .errorNotAnAuthor(task: task, holders: holders.joined(separator: ", ")), hint: .run("show", task))
    case .resubmitted:
      self = .refused(.errorResubmitted(task: task), hint: .run("show", task))
    case .staleSubmission(let branch):
      self.init(
        .staleSubmission, .errorStaleSubmission(branch: branch ?? "", task: task),
        hint: .text(.hintByItsAuthor(command: ShellCommand.orch("review", "submit", task))))
    case .ownerIsLast(let others):
      self = .refused(
        .errorOwnerIsLast(count: others.count, agents: others.joined(separator: ", ")), hint: .run("review", "list"))
    case .uncommitted:
      self = .refused(
        .errorUncommitted(task: task),
        hint: .text(.hintCommitFirst(command: ShellCommand.orch("check", "NAME", "--", "COMMAND"))))
    case .decided(let current):
      // The whole of it stands beside the message.
      let because = current.because.map { "\($0.prefix(400))\($0.count > 400 ? "…" : "")" }
      let by: Message = current.by.map { Message(verbatim: $0) } ?? .errorSomebody
      self.init(
        .refused,
        because.map { .errorDecidedBecause(key: current.key, value: current.value, agent: by, why: $0) }
          ?? .errorDecided(key: current.key, value: current.value, agent: by),
        hint: .run(
          "decide", current.key, "VALUE", "--because", "TEXT", "--supersedes", "\(current.id.hex.prefix(10))"),
        details: [
          JSONMember(
            key: "decision",
            value: .object([
              JSONMember(key: "event", value: .string(current.id.hex)),
              JSONMember(key: "key", value: .string(current.key)),
              JSONMember(key: "value", value: .string(current.value)),
              JSONMember(key: "by", value: current.by.map { .string($0) } ?? .null),
              JSONMember(key: "because", value: current.because.map { .string($0) } ?? .null),
              JSONMember(key: "at", value: .instant(current.at))
            ]))
        ])
    case .nothingDecided:
      self = .refused(.errorNothingDecided, hint: .run("decisions"))
    case .notTheReceiver(let to):
      self = .refused(.errorNotTheReceiver(task: task, agent: to), hint: .run("show", task))
    case .offerToSelf:
      self = .refused(.errorOfferToSelf, hint: .run("agents"))
    case .notStale(let lease):
      self.init(
        .refused, .errorNotStale(agent: lease.agent, task: task, until: lease.expiresAt), hint: .run("status"),
        details: [JSONMember(key: "holder", value: lease.holderJSON)])
    case .nothingToRecover:
      self = .refused(.errorHeldByNobody(task: task), hint: .run("status"))
    case .taskExists:
      self = .refused(.errorTaskExists(task: task), hint: .run("show", task))
    case .outOfRange(let what):
      self = .usage(.errorOutOfRange(what: what))
    }
  }

  static func held(_ lease: Lease) -> OrchError {
    OrchError(
      .leaseHeld,
      .errorHeld(
        agent: lease.agent, host: lease.host, task: lease.task, since: lease.acquiredAt, seen: lease.heartbeatAt),
      hint: .run("claim"), details: [JSONMember(key: "holder", value: lease.holderJSON)])
  }

  static func lost(task: String, _ loss: LeaseLossInfo?) -> OrchError {
    guard let loss else {
      return OrchError(
        .leaseLost, .errorTokenUnknown, hint: .text(.hintStop(command: ShellCommand.orch("claim"))),
        details: [JSONMember(key: "holder", value: .null)])
    }
    return OrchError(
      .leaseLost, loss.message(task: Message(verbatim: task)),
      hint: .text(.hintStop(command: ShellCommand.orch("show", task))),
      details: [JSONMember(key: "holder", value: loss.json)])
  }

  private static func wrongState(_ task: String, _ state: Message, _ verb: Rejection.Verb) -> Message {
    switch verb {
    case .claim: .errorCannotBeClaimed(task: task, state: state)
    case .edit: .errorCannotBeEdited(task: task, state: state)
    case .cancel: .errorCannotBeCancelled(task: task, state: state)
    case .retry: .errorCannotBeRetried(task: task, state: state)
    case .handOver: .errorCannotBeHandedOver(task: task, state: state)
    case .submit: .errorCannotBeSubmitted(task: task, state: state)
    case .review: .errorCannotBeReviewed(task: task, state: state)
    }
  }

  /// The command that leads on from a state that does not allow what was wanted.
  private static func nextCommand(from state: TaskState, _ task: String, after verb: Rejection.Verb) -> NextAction {
    switch (state, verb) {
    // Only who wants to work on it is sent to `retry`: a late approval is no reason to do the work again.
    case (.dead, .claim), (.cancelled, .claim), (.done, .claim): .run("retry", task)
    case (.queued, .retry), (.queued, .handOver): .run("claim", task)
    case (.queued, _), (.running, _), (.review, _), (.offered, _), (.done, _), (.dead, _), (.cancelled, _):
      .run("show", task)
    }
  }
}

/// Who took a lease, when and how.
struct LeaseLossInfo: Hashable, Sendable {
  var agent: String
  var host: String?
  var since: Instant
  var how: How

  enum How: Sendable {
    case takenOver, recovered
  }

  func message(task: Message) -> Message {
    switch how {
    case .takenOver: .errorLeaseTakenOver(task: task, agent: agent, since: since)
    case .recovered: .errorLeaseRecovered(task: task, agent: agent, since: since)
    }
  }

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
