package import OrchApp
package import OrchCore
package import OrchStore

/// Carries out the steps of a script with the use cases themselves, on any engine.
package final class ScriptRunner {
  package let store: ScriptStore
  package let clock: TestClock
  /// Where the lease files of all agents are.
  private let scratch: ScratchDirectory

  /// - Parameters:
  ///   - clock: what `wait` moves: the engine's clock, or another one.
  ///   - atEngineTime: whether the use cases see the engine's time, as they should; else the clock's, which makes states
  ///     as if they had come about at other times.
  ///   - scratch: where the lease files are, for runners that carry out one script in turns.
  package init(
    _ store: any Store, clock: TestClock, atEngineTime: Bool = true, scratch: ScratchDirectory = ScratchDirectory()
  ) {
    self.scratch = scratch
    self.store = ScriptStore(store, clock: atEngineTime ? nil : clock)
    self.clock = clock
  }

  /// What a step came to.
  package enum Answer: Hashable, Sendable {
    case done
    case refused(ErrorCode, Message)
  }

  /// What a step came to, and the events that it appended.
  package struct Outcome: Hashable, Sendable {
    package var answer: Answer
    package var events: [EventID]
  }

  /// - Parameter seen: told the engine's time of each write transaction.
  package func run(_ step: Step, seen: @escaping (Instant) -> Void = { _ in }) throws -> Outcome {
    if case .wait(let seconds) = step.action {
      clock.advance(seconds: seconds)
      return Outcome(answer: .done, events: [])
    }
    store.seen = seen
    let before = store.appended.count
    var answer = Answer.done
    do {
      try take(step)
    } catch let error as OrchError where error.code != .internal && error.code != .storeCorrupt {
      answer = .refused(error.code, error.message)
    }
    return Outcome(answer: answer, events: Array(store.appended[before...]))
  }

  /// The use cases for who takes a step. The next token that they draw is the one numbered `token`.
  private func app(_ step: Step, token: Int = 0, inRepository: Bool = true) -> App {
    let settings = Settings(
      agent: step.actor, source: nil, defaultSource: "script", project: nil,
      instance: Instance(name: "/w/\(step.actor)", isNamed: false, isWorkTree: true), host: "box",
      login: { "somebody" }, database: "script", commit: inRepository ? position : nil)
    return App(
      store: store, settings: settings, leaseFiles: LeaseFiles(directory: scratch.path),
      random: TokenWords(number: token))
  }

  private var time: Int { Int(clock.now.milliseconds / 1000) }

  /// Where the work tree stands: it moves on with the time.
  private var position: CommitPosition? {
    let number = time % 7
    guard number != 5 else { return nil }
    return CommitPosition(
      branch: number == 6 ? nil : "main", dirty: number == 1, oid: number == 0 ? nil : Step.oid(number),
      repository: "example.org/orch", tree: nil)
  }

  /// What would be submitted now: few contents, so that one comes again.
  private var submission: Submission? {
    let number = time / 60 % 4
    guard number > 0 else { return nil }
    return Submission(
      oid: Step.oid(number), tree: Step.oid(number % 3), change: number == 2 ? nil : "c\(number % 2)", branch: "work",
      repository: "example.org/orch")
  }

  private func take(_ step: Step) throws {
    let app = app(step)
    switch step.action {
    case .wait: break
    case .add(var new, let session):
      // A script that was cut short may lack what it waits for.
      new.after = try store.read { reader in try new.after.filter { try reader.task($0) != nil } }
      _ = try app.add(AddRequest(task: new, session: session))
    case .edit(let task, let edit):
      var request = EditRequest()
      request.edit = edit
      _ = try app.edit(task, request)
    case .note(let task): _ = try app.note(task, text: "note")
    case .claim(let task, let session, let kinds, let token, let ttl):
      var request = ClaimRequest()
      (request.task, request.session, request.kinds, request.ttlSeconds) = (task, session, kinds, ttl)
      request.allProjects = true
      request.token = .numbered(token)
      _ = try app.claim(request)
    case .resume(let old, let token):
      _ = try self.app(step, token: token).resume(ResumeRequest(holder: HolderRequest(token: .numbered(old))))
    case .takeUp(let task, let token):
      _ = try self.app(step, token: token).resume(ResumeRequest(holder: HolderRequest(task: task), take: true))
    case .heartbeat(let token, let ttl): _ = try app.heartbeat(HolderRequest(token: .numbered(token)), ttlSeconds: ttl)
    case .checkpoint(let token, let change):
      _ = try app.checkpoint(HolderRequest(token: .numbered(token)), change, ttlSeconds: nil)
    case .release(let token, var release):
      if release.outcome == .review { release.submission = submission }
      _ = try app.release(HolderRequest(token: .numbered(token)), release)
    case .recover(let limit):
      var request = RecoverRequest()
      request.limit = limit
      try app.recover(request) { _ in }
    case .force(let task):
      var request = RecoverRequest()
      (request.task, request.force) = (task, "script")
      try app.recover(request) { _ in }
    case .cancel(let task): _ = try app.cancel(task, why: "script")
    case .retry(let task): _ = try app.retry(task, why: nil)
    case .offer(let token, let to, let seconds):
      let request = OfferRequest(to: to, why: "script", next: nil, expiresInSeconds: seconds, allowsDirty: true)
      _ = try app.offer(HolderRequest(token: .numbered(token)), request)
    case .accept(let task, let token):
      _ = try self.app(step, token: token).accept(task, restatement: nil, ttlSeconds: nil)
    case .decline(let task): _ = try app.decline(task, why: "script")
    case .resubmit(let task): _ = try app.resubmit(task, submission, message: nil, needsOwner: false)
    case .approve(let task): _ = try app.review(task, VerdictRequest(.approved, text: "script", needsOwner: false))
    case .reject(let task): _ = try app.review(task, VerdictRequest(.rejected, text: "script", needsOwner: false))
    case .comment(let task): _ = try app.review(task, VerdictRequest(.commented, text: "script", needsOwner: false))
    case .check(let task, let passes):
      // Outside a repository: there is none here whose work tree could be compared before and after.
      let app = self.app(step, inRepository: false)
      let result = CheckResult(
        name: "test", command: "make test", exitStatus: passes ? 0 : 1, durationMilliseconds: 7,
        outputHash: .numbered(1), head: nil, tree: nil, dirty: false)
      _ = try app.record(result, of: app.checkSubject(HolderRequest(task: task)))
    case .link(let task, let commit):
      let link = CommitLink(
        oid: Step.oid(commit), subject: "feat: x", author: "A <a@example.org>", fence: commit,
        state: commit % 4 == 0 ? .unverified : .linked)
      _ = try app.execute(.link(link), onTask: task)
    case .rewrite(let task, let old, let new):
      let rewrite = CommitRewrite(old: Step.oid(old), new: new.map(Step.oid), reason: new == nil ? .lost : .rebase)
      _ = try app.execute(.rewrite(rewrite), onTask: task)
    }
  }
}

/// The bits of the token with a number, then always the same ones.
private struct TokenWords: RandomNumberGenerator {
  private var words: [UInt64]

  init(number: Int) { words = [0xaa, 0, 0, UInt64(number)] }

  mutating func next() -> UInt64 { words.isEmpty ? 12_345 : words.removeFirst() }
}

extension Token {
  /// A token that is told from others by `number`.
  package static func numbered(_ number: Int) -> Token {
    var words = TokenWords(number: number)
    return Token(using: &words)
  }
}
