import OrchCore
import OrchTestSupport
import Testing

@Suite("The lineage of a task's commits")
struct LineageTests {
  private func linked(_ number: Int, _ state: CommitLink.State = .linked, fence: Int? = nil) -> Event {
    let link = CommitLink(
      oid: Step.oid(number), subject: "feat: \(number)", author: "A <a@example.org>", date: at(number), agent: "a",
      reviewer: "r", fence: fence, repository: "example.org/x", state: state)
    return decided(.link(link))
  }

  private func rewritten(_ old: Int, _ new: Int?, _ reason: CommitRewrite.Reason = .rebase) -> Event {
    decided(.rewrite(CommitRewrite(old: Step.oid(old), new: new.map(Step.oid), reason: reason)))
  }

  /// As the decider writes it, of a task that is there.
  private func decided(_ command: Command) -> Event {
    var state = State(session: Session(id: "s", logID: "L"), task: nil)
    do {
      for event in try decide(.add(.titled("t")), by: .named("jq", at: at(0)), on: state) {
        state = try evolve(state, event)
      }
      return try decide(command, by: .named("jq", at: at(1)), on: state)[0]
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private func present(_ events: [Event]) -> [String] { Lineage(events).present.map(\.oid) }

  @Test func `a link says what it was given`() throws {
    let event = linked(1, fence: 3)
    let link = try #require(CommitLink(event))
    #expect(link.oid == Step.oid(1) && link.subject == "feat: 1" && link.author == "A <a@example.org>")
    #expect(link.date == at(1) && link.agent == "a" && link.reviewer == "r" && link.fence == 3)
    #expect(link.repository == "example.org/x" && link.state == .linked && !link.isByHand && !link.isSuperseded)
    #expect(event.roles.author == "a" && event.roles.reviewer == "r" && event.roles.actor == "jq")
  }

  @Test func `a name that nothing bears out makes nobody an author`() {
    let event = linked(1, .unverified)
    #expect(event.roles.author == "jq")
    #expect(event.roles.reviewer == nil)
  }

  @Test func `what is linked stands`() {
    #expect(present([linked(1), linked(2)]) == [Step.oid(1), Step.oid(2)])
  }

  @Test func `the unverified is known and never work of the task`() {
    let lineage = Lineage([linked(1, .unverified)])
    #expect(lineage.commits.count == 1)
    #expect(lineage.present.isEmpty)
  }

  @Test func `better evidence counts, worse does not`() {
    #expect(present([linked(1, .unverified), linked(1)]) == [Step.oid(1)])
    #expect(present([linked(1), linked(1, .unverified)]) == [Step.oid(1)])
  }

  @Test func `many rewritten into one leave one`() {
    let events = [linked(1), linked(2), linked(3), rewritten(1, 4), rewritten(2, 4), rewritten(3, 4)]
    #expect(present(events) == [Step.oid(4)])
    #expect(Lineage(events)[Step.oid(2)]?.rewrittenTo == Step.oid(4))
  }

  @Test func `the new one may be linked first`() {
    #expect(present([linked(1), linked(2), rewritten(1, 2)]) == [Step.oid(2)])
  }

  @Test func `rewritten again and again, the last one stands`() {
    #expect(present([linked(1), rewritten(1, 2), rewritten(2, 3)]) == [Step.oid(3)])
  }

  @Test func `what is lost is not work any more, until it is there again`() {
    #expect(present([linked(1), rewritten(1, nil, .lost)]) == [])
    #expect(Lineage([linked(1), rewritten(1, nil, .lost)])[Step.oid(1)]?.isLost == true)
    #expect(present([linked(1), rewritten(1, nil, .lost), rewritten(1, 1, .restored)]) == [Step.oid(1)])
    #expect(present([linked(1), rewritten(1, 2), rewritten(1, 1, .restored)]) == [1, 2].map(Step.oid))
  }

  @Test func `a rewrite of what is no commit of the task says nothing`() {
    #expect(Lineage([rewritten(1, 2)]).commits.isEmpty)
  }

  @Test func `an event is about the commits that it names, and the one it was written at`() {
    var event = rewritten(1, 2)
    event.commit = CommitPosition(branch: nil, dirty: false, oid: Step.oid(3), repository: "x", tree: nil)
    #expect(Set(event.commits) == Set([1, 2, 3].map(Step.oid)))
    #expect(linked(1).commits == [Step.oid(1)])
  }
}
