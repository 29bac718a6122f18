import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Whose lease")
struct LeaseFileTests {
  @Test func `a claim leaves one private file, and dies without it`() {
    let home = Home()
    home.add("First", "--id", "a", "--session", "s")
    let token = home.claim()
    let names = Files.names(in: home.leases)
    #expect(names.count == 1 && names[0].utf8.count == 16)
    #expect(Files.mode(home.leases) == 0o700 && Files.mode(home.leases + "/" + names[0]) == 0o600)
    let text = (try? Files.read(home.leases + "/" + names[0])).map { String(decoding: $0, as: UTF8.self) } ?? ""
    for part in [
      token, "\"log\"", "\"session\":\"s\"", "\"task\":\"a\"", "\"agent\":\"ann\"", home.work, Snapshot.host,
      home.database
    ] {
      #expect(text.contains(part), "\(part)")
    }
    home.ok("release", "requeue", as: "ann")
    home.claim()
    #expect(Files.names(in: home.leases).count == 1, "the next claim removes its dead ones")
    home.ok("release", "requeue", as: "ann")
    Files.remove(home.leases)
    _ = home.file("state/data/leases", "in the way")
    home.fails(.io, "claim", as: "ann")
    #expect(home.state("a") == "queued")
  }

  @Test func `the nearest directory above counts, inside no work tree`() {
    let home = Home()
    for id in ["top", "deep"] { home.add(id, "--id", id) }
    let (top, deep) = (home.directory("p"), home.directory("p/q/r"))
    home.claim("top", in: top)
    #expect(home.json("heartbeat", as: "ann", in: deep)["lease", "task"]?.stringValue == "top")
    home.claim("deep", in: home.directory("p/q"))
    #expect(home.json("heartbeat", as: "ann", in: deep)["lease", "task"]?.stringValue == "deep")
    #expect(home.json("heartbeat", as: "ann", in: top)["lease", "task"]?.stringValue == "top")
    home.fails(.nothingHeld, "heartbeat", as: "ann", in: home.path)
    home.fails(.nothingHeld, "heartbeat", as: "ann", in: home.directory("pq"))
    home.ok("release", "done", as: "ann", in: deep)
    #expect(home.json("heartbeat", as: "ann", in: deep)["lease", "task"]?.stringValue == "top", "only live ones count")
    _ = home.directory("p/q/.git")
    home.fails(.nothingHeld, "heartbeat", "--session", "top", as: "ben", in: deep)
    #expect(home.orch("heartbeat", as: "ann", in: deep).status == 2, "a work tree is its own place")
  }

  @Test func `a work tree is one place, wherever one stands in it`() {
    let home = Home()
    let tree = home.directory("repo")
    _ = home.directory("repo/.git")
    home.add("First", "--id", "a")
    home.claim(in: home.directory("repo/src/deep"))
    #expect(home.ok("list", "--json").json["lease", "instance"]?.stringValue == tree)
    home.ok("heartbeat", as: "ann", in: tree)
    home.ok("heartbeat", as: "ann", in: home.directory("repo/other"))
    home.ok("heartbeat", "-C", tree, as: "ann")
    home.fails(.nothingHeld, "heartbeat", as: "ann")
  }

  @Test func `several leases want a name`() {
    let home = Home()
    for id in ["a", "b", "c"] { home.add(id, "--id", id, "--session", "s-\(id)") }
    home.claim("a")
    home.claim("b")
    let error = home.fails(.usage, "heartbeat", as: "ann")
    #expect(error["message"]?.stringValue == "several leases are held here: a (ann), b (ann)")
    #expect(home.json("heartbeat", "a", as: "ann")["lease", "task"]?.stringValue == "a")
    #expect(home.json("heartbeat", "--task", "b", as: "ann")["lease", "task"]?.stringValue == "b")
    #expect(home.json("heartbeat", "--session", "s-b", as: "ann")["lease", "task"]?.stringValue == "b")
    #expect(home.json("release", "done", "a", as: "ann")["task", "id"]?.stringValue == "a")
    home.ok("heartbeat", as: "ann")
    home.claim("c", as: "ben")
    home.fails(.usage, "heartbeat")
    home.fails(.nothingHeld, "heartbeat", "c", as: "ann")
    home.fails(.notFound, "heartbeat", "nosuch", as: "ann")
  }

  @Test func `a task picks a lease from elsewhere, but never from another named place`() {
    let home = Home()
    for id in ["a", "b"] { home.add(id, "--id", id) }
    home.claim("a", in: home.directory("x"))
    home.claim("b", "--instance", "terminal-2")
    home.fails(.nothingHeld, "heartbeat", as: "ann")
    #expect(home.json("heartbeat", "a", as: "ann")["lease", "task"]?.stringValue == "a")
    home.fails(.nothingHeld, "heartbeat", "b", as: "ann")
    home.fails(.nothingHeld, "heartbeat", "b", "--instance", "terminal-1", as: "ann")
    home.ok("heartbeat", "--instance", "terminal-2", as: "ann", in: home.path)
    home.ok("heartbeat", as: "ann", environment: ["ORCH_INSTANCE": "terminal-2"])
    #expect(home.json("heartbeat", "a", "--instance", "terminal-2", as: "ann")["lease", "task"]?.stringValue == "a")
  }

  @Test func `the agent comes from the file when one alone holds here`() {
    let home = Home()
    for id in ["a", "b"] { home.add(id, "--id", id) }
    home.claim("a")
    #expect(home.json("heartbeat")["lease", "agent"]?.stringValue == "ann")
    #expect(home.json("checkpoint", "--last", "x")["checkpoint", "agent"]?.stringValue == "ann")
    #expect(home.json("resume")["lease", "agent"]?.stringValue == "ann")
    home.fails(.nothingHeld, "heartbeat", as: "ben")
    home.claim("b", as: "ben")
    home.fails(.usage, "release", "done")
    home.ok("release", "done", "b")
    #expect(home.json("release", "done")["event", "actor"]?.stringValue == "ann")
  }

  @Test func `a given token speaks for its own agent alone`() {
    let home = Home()
    home.add("First", "--id", "a")
    home.add("Second", "--id", "b")
    let token = home.claim("a")
    Files.remove(home.leases)
    #expect(home.json("heartbeat", "--token", token)["lease", "agent"]?.stringValue == "ann")
    home.fails(.refused, "heartbeat", "--token", token, as: "ben")
    home.fails(.refused, "heartbeat", "b", "--token", token, as: "ann")
    home.fails(.leaseLost, "heartbeat", "--token", String(repeating: "00", count: 32), as: "ann")
    #expect(home.json("release", "done", environment: ["ORCH_TOKEN": token])["event", "actor"]?.stringValue == "ann")
  }

  @Test func `the database comes from the lease file`() {
    let home = Home(initialized: false)
    let other = home.path + "/other/place.db"
    home.ok("init", "--database", other)
    home.ok("add", "First", "--id", "a", "--database", other)
    home.claim("--database", other)
    #expect(!Files.exists(home.database))
    home.ok("heartbeat", as: "ann")
    home.ok("checkpoint", "--last", "x", as: "ann")
    home.ok("resume", as: "ann")
    home.fails(.storeUnavailable, "list")
    #expect(home.json("release", "done", as: "ann")["task", "id"]?.stringValue == "a")
    home.ok("init")
    home.fails(.nothingHeld, "heartbeat", "--database", home.database, as: "ann")
  }

  @Test func `the newest one decides when none is live, until the next claim here`() async throws {
    let home = Home()
    for id in ["a", "b"] { home.add(id, "--id", id) }
    home.claim("a")
    try await home.expireLease(of: "a")
    home.claim("a", as: "ben")
    home.fails(.leaseLost, "heartbeat", as: "ann")
    home.claim("b", "--another")
    home.ok("release", "done", as: "ann")
    #expect(
      home.fails(.nothingHeld, "heartbeat", as: "ann")["message"]?.stringValue?.hasPrefix("b was given back") == true)
    home.ok("release", "done", as: "ann")
    home.ok("retry", "b")
    home.claim()
    home.ok("heartbeat", as: "ann")
    #expect(Files.names(in: home.leases).count == 2, "one of each agent")
  }

  @Test func `files that do not read are ignored`() throws {
    let home = Home()
    home.add("First")
    home.claim()
    _ = home.file("state/data/leases/0123456789abcdef", "not json\n")
    _ = home.file("state/data/leases/0123456789abcde0", "")
    _ = home.file("state/data/leases/0123456789abcde1", "{\"token\":\"zz\"}\n")
    _ = home.file("state/data/leases/README", "hello")
    _ = home.directory("state/data/leases/0123456789abcde2")
    home.ok("heartbeat", as: "ann")
    home.ok("release", "done", as: "ann")
    #expect(Files.exists(home.leases + "/README"))
  }
}
