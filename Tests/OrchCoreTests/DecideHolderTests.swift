import OrchCore
import OrchTestSupport
import Testing

@Suite("What a holder does: checkpoints and releases")
struct DecideHolderTests {
  let held = given(added(), claimed())

  /// Every command of a holder.
  static let holdersCommands: [Command] = [
    .checkpoint(CheckpointChange(), fence: 1),
    .release(Release(.done), fence: 1),
    .release(Release(.failed), fence: 1),
    .release(Release(.requeue), fence: 1),
    .release(.with(.review) { $0.reviewers = ["r"] }, fence: 1),
    .offer(Offer(from: "a", to: "b", why: nil, next: nil, expiresAt: at(99)), fence: 1)
  ]

  @Test(arguments: holdersCommands)
  func `the present fence is obeyed`(command: Command) {
    #expect(held.when(command, by: .named("a", at: at(20))).types.count == 1)
  }

  @Test(arguments: holdersCommands)
  func `a superseded token changes nothing`(command: Command) {
    let taken = event(
      .leaseExpired, "watchdog", at: at(2000), author: "a", fence: 1,
      [.agent: "a", .attempt: .int(1), .failures: .int(1), .forced: false])
    given(added(), claimed(), resumed(fence: 2, at: at(20))).when(command, by: .named("a", at: at(30)))
      .thenRefused(.leaseLost)
    given(added(), claimed(), taken).when(command, by: .named("a", at: at(2001))).thenRefused(.leaseLost)
    given(added(), claimed(), taken, claimed("b", fence: 2, attempt: 2, at: at(2001)))
      .when(command, by: .named("a", at: at(2002))).thenRefused(.leaseLost)
    // The same agent again: its name does not help the old token.
    given(added(), claimed(), taken, claimed("a", fence: 2, attempt: 2, at: at(2001)))
      .when(command, by: .named("a", at: at(2002))).thenRefused(.leaseLost)
    given(added(), claimed(), done()).when(command, by: .named("a", at: at(30))).thenRefused(.leaseLost)
  }

  @Test(arguments: holdersCommands)
  func `a token that is newer than the lease is refused, too`(command: Command) {
    var behind = held
    behind.state.session.lease?.fence = 0
    behind.when(command, by: .named("a", at: at(20))).thenRefused(.leaseLost)
  }

  @Test(arguments: holdersCommands)
  func `the holder of a cancelled task is told so`(command: Command) {
    given(added(), claimed(), cancelled()).when(command, by: .named("a", at: at(30))).thenRefused(.taskCancelled)
  }

  @Test(arguments: holdersCommands)
  func `nobody acts as somebody else's lease`(command: Command) {
    held.when(command, by: .named("b", at: at(20))).thenRefused(.notTheHolder(holder: "a"))
  }

  @Test(arguments: holdersCommands)
  func `a late call that nobody forestalled succeeds and is marked`(command: Command) {
    let before = held.when(command, by: .named("a", at: at(1810).adding(milliseconds: -1)))
    #expect(before.events.first?.data.has(.late) == false)
    let late = held.when(command, by: .named("a", at: at(1810)))
    #expect(late.events.first?.data[.late] == .bool(true))
  }

  @Test func `a checkpoint keeps what it does not name, in full in its event`() {
    let first = event(
      .checkpointSaved, "a", at: at(20), fence: 1,
      [.data: "{}", .lastAction: "l", .nextAction: "n", .note: "m", .phase: "p", .reference: "r"])
    let history = given(added(), claimed(), first)
    #expect(
      history.state.context
        == Checkpoint.Context(phase: "p", lastAction: "l", nextAction: "n", reference: "r", note: "m", data: "{}"))
    history.when(.checkpoint(.with { $0.phase = "q" }, fence: 1), by: .named("a", at: at(30)))
      .then(
        event(
          .checkpointSaved, "a", at: at(30), fence: 1,
          [.data: "{}", .lastAction: "l", .nextAction: "n", .note: "m", .phase: "q", .reference: "r"]))
  }

  @Test func `a checkpoint clears what is set to nothing`() {
    let clear = CheckpointChange.with {
      $0.phase = .some(nil)
      $0.lastAction = .some(nil)
      $0.nextAction = .some(nil)
      $0.reference = .some(nil)
      $0.note = .some(nil)
      $0.data = .some(nil)
    }
    let full = Checkpoint.Context(phase: "p", lastAction: "l", nextAction: "n", reference: "r", note: "m", data: "{}")
    #expect(full.applying(clear) == Checkpoint.Context())
    var set = CheckpointChange()
    set.phase = "p"
    set.lastAction = "l"
    set.nextAction = "n"
    set.reference = "r"
    set.note = "m"
    set.data = "{}"
    #expect(Checkpoint.Context().applying(set) == full)
  }

  @Test func `done moves the next action to the last one, then the rest applies`() {
    let context = Checkpoint.Context(lastAction: "l", nextAction: "n")
    #expect(context.applying(.with { $0.done = true }) == Checkpoint.Context(lastAction: "n"))
    let more = context.applying(
      .with {
        $0.done = true
        $0.nextAction = "o"
      })
    #expect(more == Checkpoint.Context(lastAction: "n", nextAction: "o"))
    let nothing = Checkpoint.Context(lastAction: "l").applying(.with { $0.done = true })
    #expect(nothing == Checkpoint.Context(lastAction: "l"))
  }

  @Test func `done ends the attempt, with its result and submission`() {
    let release = Release.with(.done) {
      $0.message = "m"
      $0.result = "{}"
      $0.submission = Submission(oid: "abc")
    }
    let decided = held.when(.release(release, fence: 1), by: .named("a", at: at(20)))
    decided.then(
      event(
        .taskDone, "a", at: at(20), fence: 1,
        [.attempt: .int(1), .message: "m", .result: "{}", .submission: Submission(oid: "abc").json]))
    let after = decided.state()
    #expect(after.task?.state == .done && after.task?.content.result == "{}" && after.session.lease == nil)
    #expect(after.session.fence == 1, "the fence stays")
  }

  @Test func `done is refused where review is required`() {
    given(added([.requireReview: true]), claimed()).when(.release(Release(.done), fence: 1), by: .named("a"))
      .thenRefused(.reviewRequired)
  }

  @Test func `done is refused until each required check has passed since the claim`() {
    let task = added([.requiredChecks: ["lint", "test"]])
    let release = Command.release(Release(.done), fence: 1)
    given(task, claimed()).when(release, by: .named("a")).thenRefused(.checksMissing(["lint", "test"]))
    given(task, claimed(), checked("lint", exitStatus: 0)).when(release, by: .named("a"))
      .thenRefused(.checksMissing(["test"]))
    given(task, claimed(), checked("lint", exitStatus: 0), checked("test", exitStatus: 1))
      .when(release, by: .named("a")).thenRefused(.checksMissing(["test"]))
    let passed = [task, claimed(), checked("lint", exitStatus: 0), checked("test", exitStatus: 0)]
    #expect(given(passed).when(release, by: .named("a")).types == [.taskDone])
    given(passed + [checked("lint", exitStatus: 2)]).when(release, by: .named("a"))
      .thenRefused(.checksMissing(["lint"]))
    given(passed + [failed(), claimed(fence: 2, attempt: 2, at: at(30))])
      .when(.release(Release(.done), fence: 2), by: .named("a", at: at(40)))
      .thenRefused(.checksMissing(["lint", "test"]))
  }

  @Test func `a failure counts, and the task waits as the policy says`() {
    let release = Release.with(.failed) {
      $0.message = "m"
      $0.errorCode = "E1"
      $0.result = "{}"
    }
    let decided = held.when(.release(release, fence: 1), by: .named("a", at: at(20), jitter: 500))
    decided.then(
      event(
        .taskFailed, "a", at: at(20), fence: 1,
        [
          .attempt: .int(1), .code: "E1", .failures: .int(1), .message: "m",
          .notBefore: .instant(at(20).adding(milliseconds: 1500)), .result: "{}"
        ]))
    let task = decided.state().task
    #expect(task?.state == .queued && task?.failures == 1 && task?.lastError == TaskError(code: "E1", message: "m"))
    #expect(task?.notBefore == at(20).adding(milliseconds: 1500) && task?.readyAt == task?.notBefore)
    #expect(decided.state().session.lease == nil)
  }

  @Test func `--retry-in replaces the policy, zero included`() {
    for seconds in [0, 90] {
      let decided = held.when(
        .release(.with(.failed) { $0.retryInSeconds = seconds }, fence: 1), by: .named("a", at: at(20)))
      #expect(decided.state().task?.notBefore == at(20 + seconds))
    }
  }

  @Test func `at the last failure the task is dead and waits for nothing`() {
    let history = given(added([.maxAttempts: .int(2)]), claimed(), failed(), claimed(fence: 2, attempt: 2, at: at(30)))
    let decided = history.when(.release(Release(.failed), fence: 2), by: .named("a", at: at(40)))
    decided.then(
      event(.taskFailed, "a", at: at(40), fence: 2, [.attempt: .int(2), .failures: .int(2)]),
      event(.taskDead, "a", at: at(40), fence: 2, [.failures: .int(2), .maxAttempts: .int(2)]))
    #expect(decided.state().task?.state == .dead && decided.state().session.lease == nil)
  }

  @Test func `handing back counts nothing and keeps the place`() {
    let decided = held.when(.release(Release(.requeue, message: "m"), fence: 1), by: .named("a", at: at(20)))
    decided.then(event(.taskRequeued, "a", at: at(20), fence: 1, [.attempt: .int(1), .message: "m"]))
    let task = decided.state().task
    #expect(task?.state == .queued && task?.failures == 0 && task?.readyAt == at(0) && task?.notBefore == nil)
  }
}
