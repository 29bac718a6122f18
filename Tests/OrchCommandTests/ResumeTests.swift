import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Resuming", .eachEngine)
struct ResumeTests {
  @Test func `rotates the token: of two restarts the later one holds`() {
    let home = Home()
    let task = home.add("First")
    let old = home.claim()
    let first = home.json("resume", as: "ann")
    #expect(first["lease", "fence"]?.intValue == 2 && first["task", "attempt"]?.intValue == 1)
    let second = home.json("resume", as: "ann")
    #expect(second["lease", "fence"]?.intValue == 3 && second["task", "failures"]?.intValue == 0)
    for token in [old, first["lease", "token"]?.stringValue ?? ""] {
      home.fails(.leaseLost, "heartbeat", "--token", token, as: "ann")
      home.fails(.leaseLost, "release", "done", "--token", token, as: "ann")
    }
    home.ok("release", "done", as: "ann")
    #expect(home.events(task) == ["task.added", "task.claimed", "lease.resumed", "lease.resumed", "task.done"])
    #expect(home.ok("verify").status == 0)
  }

  @Test func `takes up an expired lease that nobody took, without a failure`() async throws {
    let home = Home()
    let task = home.add("First")
    home.claim()
    try await home.expireLease(of: task)
    let resumed = home.json("resume", "--ttl", "1h", as: "ann")
    #expect(resumed["task", "failures"]?.intValue == 0 && resumed["lease", "ttlSeconds"]?.intValue == 3600)
    #expect(resumed["lease", "late"]?.boolValue == false)
  }

  @Test func `takes the newest and lists the others`() {
    let home = Home()
    for id in ["a", "b"] { home.add(id, "--id", id) }
    home.claim("a")
    home.claim("b")
    let outcome = home.orch("resume", "--json", as: "ann")
    #expect(outcome.json["task", "id"]?.stringValue == "b")
    #expect(outcome.stderr == "warning: also held here: a  a\n")
    #expect(home.json("resume", "a", as: "ann")["task", "id"]?.stringValue == "a")
  }

  @Test func `holding nothing is 2, taken over 76`() async throws {
    let home = Home()
    home.add("First", "--id", "a")
    home.fails(.nothingHeld, "resume", as: "ann")
    home.fails(.usage, "resume")
    home.claim()
    home.ok("release", "requeue", as: "ann")
    home.fails(.nothingHeld, "resume", as: "ann")
    home.fails(.nothingHeld, "resume", "a", as: "ann")
    home.fails(.notFound, "resume", "nosuch", as: "ann")
    home.claim()
    try await home.expireLease(of: "a")
    home.claim(as: "ben")
    home.fails(.leaseLost, "resume", as: "ann")
    #expect(home.fails(.leaseHeld, "resume", "a", as: "ann")["holder", "agent"]?.stringValue == "ben")
  }

  @Test func `a live lease of the same agent elsewhere is held, unless it insists`() {
    let home = Home()
    home.add("First", "--id", "a")
    let other = home.directory("other")
    let old = home.claim("--instance", "terminal-1", in: other)
    let error = home.fails(.leaseHeld, "resume", "a", as: "ann")
    let message = error["message"]?.stringValue ?? ""
    #expect(message.contains(Snapshot.host) && message.contains("terminal-1") && message.contains("last sign of life"))
    #expect(error["hint"]?.stringValue?.contains("orch resume a --take") == true)
    home.fails(.leaseHeld, "resume", "a", "--take", as: "ben")
    home.fails(.nothingHeld, "resume", "--take", as: "ann")
    let taken = home.json("resume", "a", "--take", as: "ann")
    #expect(taken["lease", "fence"]?.intValue == 2 && taken["lease", "instance"]?.stringValue == home.work)
    home.fails(.leaseLost, "heartbeat", "--token", old, as: "ann")
    #expect(
      home.fails(.leaseLost, "heartbeat", "--instance", "terminal-1", as: "ann")["holder", "agent"]?.stringValue
        == "ann")
  }

  @Test func `a stale lease without its token is taken as a claim would`() async throws {
    let home = Home()
    home.add("First", "--id", "a", "--session", "s")
    home.claim("--instance", "gone")
    try await home.expireLease(of: "a", "--instance", "gone")
    let taken = home.json("resume", "a", as: "ben")
    #expect(taken["task", "attempt"]?.intValue == 2 && taken["task", "failures"]?.intValue == 1)
    #expect(taken["lease", "agent"]?.stringValue == "ben")
    #expect(home.events("a") == ["task.added", "task.claimed", "lease.expired", "task.claimed"])
    home.ok("release", "requeue", as: "ben")
    home.fails(.nothingHeld, "resume", "--session", "s", as: "ann")
  }

  @Test func `finds a claim whose answer was lost`() {
    let home = Home()
    let task = home.add("First")
    home.claim()
    let name = Files.names(in: home.leases).first ?? ""
    let line = String(decoding: (try? Files.read(home.leases + "/" + name)) ?? [], as: UTF8.self).split(
      separator: "\n")[0]
    _ = home.file("state/data/leases/" + name, line + "\n")
    #expect(home.json("resume", as: "ann")["task", "id"]?.stringValue == task)
  }

  @Test func `resumes with a token that is given`() {
    let home = Home()
    home.add("First")
    let token = home.claim()
    Files.remove(home.leases)
    home.fails(.nothingHeld, "resume", as: "ann")
    let resumed = home.json("resume", "--token", token)
    #expect(resumed["lease", "agent"]?.stringValue == "ann")
    home.fails(.leaseLost, "resume", "--token", token)
    home.ok("heartbeat", as: "ann")
  }
}
