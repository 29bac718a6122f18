import OrchCore
import OrchTestSupport
import Testing

/// Who an event says caused it, whose work it records, who reviews that work, where the request came from.
@Suite("Roles")
struct RolesTests {
  func roles(_ history: [Event], _ command: Command, by caller: Caller) -> Roles? {
    given(history).when(command, by: caller).events.first?.roles
  }

  @Test func `the source is the command's, else the task's, else the default`() {
    let task = added(source: "openclaw:discord")
    #expect(roles([task], .note("x"), by: .named("a", source: "chat"))?.source == "chat")
    #expect(roles([task], .note("x"), by: .named("a"))?.source == "openclaw:discord")
    #expect(roles([added(source: nil)], .note("x"), by: .named("a", host: "far"))?.source == "cli:far")
    #expect(roles([], .add(.titled("t-1")), by: .named("jq", host: "far"))?.source == "cli:far")
    #expect(roles([], .add(.titled("t-1")), by: .named("jq", source: "chat"))?.source == "chat")
  }

  @Test func `the task keeps the source that it was added from`() {
    let task = given().when(.add(.titled("t-1")), by: .named("jq", source: "chat")).state().task
    #expect(task?.source == "chat" && task?.createdBy == "jq")
  }

  @Test func `the author is the holder`() {
    for command in [Command.note("x"), .cancel(why: "x"), .expire(forced: true, why: "x")] {
      #expect(roles([added(), claimed()], command, by: .named("jq", at: at(20)))?.author == "a")
      #expect(roles([added(), claimed()], command, by: .named("jq", at: at(20)))?.actor == "jq")
    }
  }

  @Test func `without a holder the author is that of the last attempt`() {
    let history = [added(), claimed(), failed(), claimed("b", fence: 2, attempt: 2, at: at(30)), done("b", fence: 2)]
    #expect(roles(history, .note("x"), by: .named("jq"))?.author == "b")
    #expect(roles(history, .retry(why: nil), by: .named("jq"))?.author == "b")
  }

  @Test func `without an attempt the author is the actor`() {
    #expect(roles([added()], .note("x"), by: .named("jq"))?.author == "jq")
    #expect(roles([], .add(.titled("t-1")), by: .named("jq"))?.author == "jq")
  }

  @Test func `the holder of another task in the session is nobody's author here`() {
    let other = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    let noted = given([added(), claimed()], task: other).when(.note("x"), by: .named("jq"))
    #expect(noted.events.first?.roles.author == "jq")
  }

  @Test func `a claim's author is the claimer, not the last attempt's`() {
    let history = [added(), claimed(), failed()]
    #expect(roles(history, .claim(.token(2), named: false), by: .named("b", at: at(60)))?.author == "b")
  }

  @Test func `the reviewer is the task's first, in a review who acts`() {
    let history = [added(reviewers: ["r", "q"])]
    #expect(roles(history, .note("x"), by: .named("jq"))?.reviewer == "r")
    #expect(roles(history, .comment(Verdict("x")), by: .named("q"))?.reviewer == "q")
    #expect(roles([added()], .note("x"), by: .named("jq"))?.reviewer == nil)
  }

  @Test func `an edit of the reviewers names the new first one`() {
    let edit = Command.edit(.with { $0.reviewers = ["n", "r"] })
    #expect(roles([added(reviewers: ["r"])], edit, by: .named("jq"))?.reviewer == "n")
  }

  @Test func `an event stands where the work tree stood`() {
    var caller = Caller.named("jq")
    caller.commit = CommitPosition(branch: "main", dirty: true, oid: "abc", repository: "local:1", tree: "def")
    #expect(given(added()).when(.note("x"), by: caller).events.first?.commit == caller.commit)
  }

  @Test func `an event is never before its parent, while instants of the lease are as read`() throws {
    let history = given(added(at: at(5_000)))
    let decided = history.when(.claim(.token(1), named: false), by: .named("a", at: at(10)))
    let event = try #require(decided.events.first)
    #expect(event.at == at(5_000))
    #expect(event.data.instant(.acquiredAt) == at(10) && event.data.instant(.expiresAt) == at(1810))
    #expect(decided.state().session.lease?.expiresAt == at(1810))
    let note = history.when(.note("x"), by: .named("a", at: at(6_000))).events.first
    #expect(note?.at == at(6_000))
  }
}
