package import OrchCore

/// One thing that somebody does. Steps do not depend on each other's answers: any of them may be left out.
package struct Step: Hashable, Sendable, CustomStringConvertible {
  package var actor: String
  package var action: Action

  package enum Action: Hashable, Sendable {
    /// The clock jumps, back when negative.
    case wait(seconds: Int)
    case add(NewTask, session: String)
    case edit(String, TaskEdit)
    case note(String)
    case claim(task: String?, session: String?, kinds: [String], token: Int, ttl: Int?)
    /// By a token, or, without one, whatever holds the task.
    case resume(old: Int, token: Int)
    case takeUp(String, token: Int)
    case heartbeat(token: Int, ttl: Int?)
    case checkpoint(token: Int, CheckpointChange)
    case release(token: Int, Release)
    case recover(limit: Int)
    case force(String)
    case cancel(String)
    case retry(String)
    case offer(token: Int, to: String, seconds: Int)
    case accept(String, token: Int)
    case decline(String)
    case resubmit(String)
    case approve(String)
    case reject(String)
    case comment(String)
    case check(String, passes: Bool)
    case link(String, commit: Int)
    /// Into nothing: lost.
    case rewrite(String, old: Int, new: Int?)
  }

  /// The name of a commit of scripts.
  package static func oid(_ number: Int) -> String {
    String(repeating: "c0ffee", count: 6) + String(0x1000 + number % 0xF000, radix: 16)
  }

  package init(_ actor: String, _ action: Action) {
    self.actor = actor
    self.action = action
  }

  package var description: String { "\(actor): \(action)" }
}

/// Makes steps that are likely to meet: few agents, few sessions, recent tasks and tokens.
package struct ScriptGenerator: Sendable {
  private var generator: SeededGenerator
  private var taskCount = 0
  /// Who asked for each token.
  private var tokens: [String] = []
  /// Tokens are numbered from here.
  private let firstToken: Int

  package static let agents = ["a", "b", "c", "r"]
  static let shared = ["s-1", "s-2", "s-3"]

  /// When the script's day begins.
  private let origin: Instant

  package init(seed: UInt64, origin: Instant = at(0), firstToken: Int = 1) {
    self.firstToken = firstToken
    generator = SeededGenerator(seed: seed)
    self.origin = origin
  }

  package static func script(
    seed: UInt64, count: Int, origin: Instant = at(0), firstToken: Int = 1
  ) -> [Step] {
    var script = ScriptGenerator(seed: seed, origin: origin, firstToken: firstToken)
    return (0..<count).map { _ in script.step() }
  }

  package mutating func step() -> Step {
    let actor = generator.pick(Self.agents)
    guard taskCount > 0 else { return add(actor) }
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<14: return add(actor)
    case 14..<36: return claim(actor)
    case 36..<44: return wait(actor)
    case 44..<60: return release()
    case 60..<65:
      let change = checkpoint()
      return held { .checkpoint(token: $0, change) }
    case 65..<69:
      let ttl = generator.once(in: 2) ? nil : Int.random(in: 1...600, using: &generator)
      return held { .heartbeat(token: $0, ttl: ttl) }
    case 69..<72:
      let old = recentToken()
      return Step(owner(of: old) ?? actor, .resume(old: old, token: newToken(owner(of: old) ?? actor)))
    case 72..<73: return Step(actor, .takeUp(task(), token: newToken(actor)))
    case 73..<76: return Step("watchdog", .recover(limit: Int.random(in: 1...3, using: &generator)))
    case 76..<78: return Step(actor, .force(task()))
    case 78..<80: return Step(actor, .cancel(task()))
    case 80..<83: return Step(actor, .retry(task()))
    case 83..<86:
      let to = generator.pick(Self.agents)
      let seconds = Int.random(in: 1...900, using: &generator)
      return held { .offer(token: $0, to: to, seconds: seconds) }
    case 86..<88: return Step(actor, .accept(task(), token: newToken(actor)))
    case 88..<90: return Step(actor, .decline(task()))
    case 90..<91: return Step(actor, .resubmit(task()))
    case 91..<93: return Step(generator.once(in: 2) ? "r" : actor, .approve(task()))
    case 93..<95: return Step(generator.once(in: 3) ? actor : "r", .reject(task()))
    case 95..<96: return Step("r", generator.once(in: 2) ? .comment(task()) : .note(task()))
    case 96..<97: return Step(actor, .check(task(), passes: !generator.once(in: 3)))
    case 97..<98: return Step(actor, .link(task(), commit: Int.random(in: 1...9, using: &generator)))
    case 98..<99:
      let new = generator.once(in: 3) ? nil : Int.random(in: 1...9, using: &generator)
      return Step(actor, .rewrite(task(), old: Int.random(in: 1...9, using: &generator), new: new))
    default: return edit(actor)
    }
  }

  private mutating func task() -> String {
    let lowest = generator.once(in: 4) ? 1 : max(1, taskCount - 5)
    return "t-\(Int.random(in: lowest...max(1, taskCount), using: &generator))"
  }

  private mutating func newToken(_ agent: String) -> Int {
    tokens.append(agent)
    return firstToken + tokens.count - 1
  }

  /// A token asked for lately, seldom an old one; the first where there is none.
  private mutating func recentToken() -> Int {
    let lowest = generator.once(in: 8) ? 1 : max(1, tokens.count - 4)
    return firstToken - 1 + Int.random(in: lowest...max(1, tokens.count), using: &generator)
  }

  private func owner(of token: Int) -> String? {
    tokens.indices.contains(token - firstToken) ? tokens[token - firstToken] : nil
  }

  /// A step of a holder; now and then somebody else tries the token.
  private mutating func held(_ action: (Int) -> Step.Action) -> Step {
    let token = recentToken()
    let stranger = generator.once(in: 20)
    return Step(stranger ? generator.pick(Self.agents) : owner(of: token) ?? "a", action(token))
  }

  private mutating func add(_ actor: String) -> Step {
    taskCount += 1
    var new = NewTask.titled("t-\(taskCount)")
    let joins = generator.once(in: 2)
    new.priority = Int.random(in: 3...6, using: &generator)
    new.kind = generator.pick(["task", "task", "fix"])
    new.project = generator.pick([nil, "p", "q"])
    new.maxAttempts = Int.random(in: 1...4, using: &generator)
    if generator.once(in: 6) { new.assignee = generator.pick(Self.agents) }
    if generator.once(in: 4), taskCount > 1 { new.after = earlier(than: taskCount) }
    if generator.once(in: 6) { new.key = generator.pick(["k", "l"]) }
    if generator.once(in: 6) { new.notBefore = origin.adding(seconds: Int.random(in: -500...3000, using: &generator)) }
    if generator.once(in: 4) { new.ttlSeconds = Int.random(in: 1...600, using: &generator) }
    if generator.once(in: 2) { new.reviewers = generator.once(in: 2) ? ["r"] : ["r", generator.pick(Self.agents)] }
    if new.reviewers == ["r", "r"] { new.reviewers = ["r"] }
    new.requireReview = generator.once(in: 10)
    return Step(actor, .add(new, session: joins ? generator.pick(Self.shared) : new.id))
  }

  private mutating func earlier(than number: Int) -> [String] {
    let first = Int.random(in: 1..<number, using: &generator)
    let second = Int.random(in: 1..<number, using: &generator)
    return first == second ? ["t-\(first)"] : ["t-\(first)", "t-\(second)"]
  }

  private mutating func claim(_ actor: String) -> Step {
    let ttl = generator.once(in: 2) ? nil : Int.random(in: 1...600, using: &generator)
    let named = generator.once(in: 5) ? task() : nil
    let session = named == nil && generator.once(in: 6) ? generator.pick(Self.shared) : nil
    let kinds = generator.once(in: 6) ? ["fix"] : []
    return Step(actor, .claim(task: named, session: session, kinds: kinds, token: newToken(actor), ttl: ttl))
  }

  private mutating func wait(_ actor: String) -> Step {
    let longest = generator.once(in: 4) ? 4000 : 400
    let seconds = Int.random(in: 0...longest, using: &generator)
    return Step(actor, .wait(seconds: generator.once(in: 6) ? -seconds : seconds))
  }

  private mutating func release() -> Step {
    var release = Release(generator.pick([Outcome.done, .done, .done, .failed, .failed, .requeue, .review, .review]))
    if release.outcome == .failed, generator.once(in: 2) { release.retryInSeconds = generator.pick([0, 30]) }
    if release.outcome == .review, generator.once(in: 2) { release.reviewers = ["r"] }
    return held { .release(token: $0, release) }
  }

  private mutating func checkpoint() -> CheckpointChange {
    var change = CheckpointChange()
    change.done = generator.once(in: 3)
    if generator.once(in: 2) { change.phase = "phase \(taskCount)" }
    if generator.once(in: 2) { change.nextAction = .some(generator.pick([nil, "next \(taskCount)"])) }
    return change
  }

  private mutating func edit(_ actor: String) -> Step {
    var edit = TaskEdit()
    let number = Int.random(in: 1...taskCount, using: &generator)
    if generator.once(in: 2) { edit.priority = Int.random(in: 3...6, using: &generator) }
    if generator.once(in: 3) { edit.after = number > 1 && generator.once(in: 2) ? earlier(than: number) : [] }
    if generator.once(in: 3) { edit.assignee = .some(generator.pick([nil, "a", "b"])) }
    if generator.once(in: 4) { edit.maxAttempts = Int.random(in: 1...4, using: &generator) }
    if generator.once(in: 4) { edit.notBefore = .some(generator.pick([nil, origin.adding(seconds: 1000)])) }
    if generator.once(in: 6) { edit.reviewers = generator.pick([[], ["r"], ["a", "b"]]) }
    return Step(actor, .edit("t-\(number)", edit))
  }
}
