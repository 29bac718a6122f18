import OrchCore
import OrchTestSupport
import Testing

/// What commands make of the repository around them.
@Suite("Commands in a repository")
struct RepositoryTests {
  let home: Home

  init() {
    home = Home()
    git("init", "-q", "-b", "main")
    git("remote", "add", "origin", "https://kim:secret@Git.Example.ORG:8443/team/kpi.git")
  }

  @discardableResult
  private func git(_ words: String..., in directory: String? = nil) -> CommandOutcome {
    let variables = [
      "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "Kim", "GIT_AUTHOR_EMAIL": "kim@example.org",
      "GIT_COMMITTER_NAME": "Kim", "GIT_COMMITTER_EMAIL": "kim@example.org"
    ]
    let outcome = home.program("/usr/bin/git", words, in: directory, environment: variables).run()
    #expect(outcome.status == 0, "git \(words.joined(separator: " ")): \(outcome.stderr)")
    return outcome
  }

  private func commit(_ name: String) -> String {
    _ = home.file("work/\(name)", name)
    git("add", name)
    git("commit", "-q", "-m", "feat: \(name)")
    return head
  }

  private var head: String { git("rev-parse", "HEAD").lines.first ?? "" }

  private func run(_ words: String..., as agent: String? = nil, in directory: String? = nil) -> CommandOutcome {
    home.command(words, as: agent, in: directory).run()
  }

  private func events(_ type: String) -> [JSON] { run("log", "--json", "--reverse", "--type", type).objects }

  // MARK: The position

  @Test func `an event says where the work tree stood`() {
    let oid = commit("one")
    _ = run("add", "Work", "--id", "w")
    let position = events("task.added")[0]["commit"]
    #expect(position?["oid"]?.stringValue == oid)
    #expect(position?["branch"]?.stringValue == "main")
    #expect(position?["dirty"]?.boolValue == false)
    #expect(position?["repository"]?.stringValue == "git.example.org/team/kpi")
    #expect(position?["tree"]?.stringValue == git("rev-parse", "HEAD^{tree}").lines.first)
  }

  @Test func `the position of a branch without a commit has none`() {
    _ = run("add", "Work")
    let position = events("task.added")[0]["commit"]
    #expect(position?["oid"] == .null)
    #expect(position?["branch"]?.stringValue == "main")
  }

  @Test(arguments: ["untracked", "staged", "changed"]) func `a file that is not committed makes it dirty`(_ how: String)
  {
    _ = commit("one")
    switch how {
    case "untracked": _ = home.file("work/new", "x")
    case "staged":
      _ = home.file("work/new", "x")
      git("add", "new")
    default: _ = home.file("work/one", "changed")
    }
    _ = run("add", "Work")
    #expect(events("task.added")[0]["commit"]?["dirty"]?.boolValue == true)
  }

  @Test func `an ignored file does not`() {
    _ = home.file("work/.gitignore", "junk\n")
    git("add", ".gitignore")
    git("commit", "-q", "-m", "chore: ignore junk")
    _ = home.file("work/junk", "x")
    _ = run("add", "Work")
    #expect(events("task.added")[0]["commit"]?["dirty"]?.boolValue == false)
  }

  @Test func `a detached head has no branch`() {
    _ = commit("one")
    git("checkout", "-q", "--detach")
    _ = run("add", "Work")
    #expect(events("task.added")[0]["commit"]?["branch"] == .null)
  }

  @Test func `outside a repository there is no position`() {
    _ = run("add", "Work", in: home.path)
    #expect(events("task.added")[0]["commit"] == .null)
  }

  @Test func `without a remote the first commit names the repository`() {
    git("remote", "remove", "origin")
    let root = commit("one")
    _ = commit("two")
    _ = run("add", "Work")
    #expect(events("task.added")[0]["commit"]?["repository"]?.stringValue == "local:\(root)")
  }

  @Test func `neither index nor references change`() throws {
    _ = commit("one")
    // A time that the index does not know makes git look at the file, and would make it write the index.
    let file = home.path + "/work/one"
    #expect(home.program("/usr/bin/touch", ["-t", "200101010000", file]).run().status == 0)
    let index = try Files.read(home.work + "/.git/index")
    let references = git("for-each-ref").stdout
    _ = run("add", "Work", "--claim", as: "a")
    _ = run("checkpoint", "--next", "x", as: "a")
    _ = run("trace", "HEAD")
    _ = run("link", "--scan")
    #expect(try Files.read(home.work + "/.git/index") == index)
    #expect(git("for-each-ref").stdout == references)
  }

  // MARK: The project

  @Test func `the repository is the project`() {
    let task = run("add", "Work", "--json").json["task"]
    #expect(task?["project"]?.stringValue == "git.example.org/team/kpi")
    #expect(run("add", "Other", "--json", in: home.path).json["task"]?["project"] == .null)
    #expect(run("list", "--json").objects.count == 2, "its own, and those of none")
    #expect(run("list", "--json", "--project", "git.example.org/team/kpi").objects.count == 1)
    _ = run("add", "Elsewhere", "--project", "other")
    #expect(run("list", "--json").objects.count == 2)
  }

  // MARK: The configuration

  @Test func `what nothing else gives, git's configuration does`() {
    git("config", "orch.agent", "company-agent")
    git("config", "orch.source", "openclaw:discord")
    git("config", "orch.project", "kpi")
    git("config", "orch.ttl", "90s")
    git("config", "orch.lang", "ko")
    _ = run("add", "Work", "--id", "w")
    let claim = run("claim", "--json").json
    #expect(claim["lease"]?["agent"]?.stringValue == "company-agent")
    #expect(claim["lease"]?["ttlSeconds"]?.intValue == 90)
    #expect(claim["task"]?["project"]?.stringValue == "kpi")
    #expect(events("task.claimed")[0]["source"]?.stringValue == "openclaw:discord")
    #expect(run("status").stdout.contains("보유"))
  }

  @Test func `options and the environment come first`() {
    git("config", "orch.agent", "company-agent")
    _ = run("add", "Work")
    #expect(run("claim", "--json", as: "home-agent").json["lease"]?["agent"]?.stringValue == "home-agent")
  }

  @Test func `the user's configuration counts outside a repository`() {
    _ = home.file(".gitconfig", "[Orch]\n\tagent = company-agent\n")
    _ = run("add", "Work", in: home.path)
    #expect(run("claim", "--json", in: home.path).json["lease"]?["agent"]?.stringValue == "company-agent")
  }

  @Test func `a bad value names the setting`() {
    git("config", "orch.ttl", "soon")
    let outcome = run("claim", as: "a")
    #expect(outcome.status == 78)
    #expect(outcome.stderr.contains("orch.ttl"))
  }

  @Test func `the database can be configured`() {
    git("config", "orch.database", home.path + "/other.db")
    #expect(run("init", "--json").json["database"]?.stringValue == home.path + "/other.db")
  }

  // MARK: Drift

  @Test func `a claim says how the work tree moved`() {
    let first = commit("one")
    _ = run("add", "Work", "--id", "w")
    _ = run("claim", as: "a")
    _ = run("checkpoint", "--next", "go on", as: "a")
    let second = commit("two")
    git("checkout", "-q", "-b", "topic")
    _ = home.file("work/three", "x")
    let resumed = run("resume", "--json", as: "a").json["packet"]?["drift"]
    #expect(resumed?["branchChanged"]?.boolValue == true)
    #expect(resumed?["headChanged"]?.boolValue == true)
    #expect(resumed?["dirty"]?.arrayValue?.compactMap(\.stringValue) == ["three"])
    #expect(resumed?["at"]?["oid"]?.stringValue == first)
    #expect(resumed?["now"]?["oid"]?.stringValue == second)
    let text = run("resume", as: "a").stdout
    #expect(text.contains("1 file not committed"))
  }

  @Test func `the first claim has nothing to compare with`() {
    _ = commit("one")
    _ = run("add", "Work")
    #expect(run("claim", "--json", as: "a").json["packet"]?["drift"] == .null)
  }

  // MARK: Release

  @Test func `what is not committed cannot be submitted`() {
    _ = commit("one")
    _ = run("add", "Work", "--reviewer", "r")
    _ = run("claim", as: "a")
    _ = home.file("work/two", "x")
    let refused = run("release", "review", as: "a")
    #expect(refused.status == 1)
    #expect(refused.stderr.contains("two"))
    #expect(run("release", "review", "--allow-dirty", as: "a").status == 0)
    let submission = events("review.requested")[0]["data"]?["submission"]
    #expect(submission?["oid"]?.stringValue == head)
  }

  @Test func `done warns of it`() {
    _ = commit("one")
    _ = run("add", "Work")
    _ = run("claim", as: "a")
    _ = home.file("work/two", "x")
    let done = run("release", "done", as: "a")
    #expect(done.status == 0)
    #expect(done.stderr.contains("1 file is not committed: two"))
  }

  @Test func `a release names its commit`() {
    let first = commit("one")
    _ = commit("two")
    _ = run("add", "Work")
    _ = run("claim", as: "a")
    #expect(run("release", "done", "--commit", "HEAD~1", as: "a").status == 0)
    #expect(events("task.done")[0]["data"]?["submission"]?["oid"]?.stringValue == first)
    #expect(run("release", "done", "--commit", "nothing", as: "b").status != 0)
  }

  @Test func `what no remote branch holds is said`() {
    _ = commit("one")
    let remote = home.directory("remote")
    git("init", "-q", "--bare", in: remote)
    git("remote", "set-url", "origin", remote)
    git("push", "-q", "origin", "main")
    git("fetch", "-q", "origin")
    _ = run("add", "Work", "--project", "p")
    _ = run("claim", "--project", "p", as: "a")
    _ = commit("two")
    #expect(run("release", "done", as: "a").stderr.contains("no remote branch holds"))
  }

  // MARK: The log

  @Test(.eachEngine) func `the log is asked by commit`() {
    let first = commit("one")
    _ = run("add", "Work", "--id", "w")
    _ = commit("two")
    _ = run("note", "w", "-m", "x")
    let found = run("log", "--json", "--commit", "HEAD~1").objects
    #expect(found.map { $0["type"]?.stringValue } == ["task.added"])
    #expect(run("log", "--json", "--commit", first).objects.count == 1)
    #expect(run("log", "-n", "1").stdout.contains("feat: two"))
    #expect(run("log", "--commit", "nonsense").status == 66)
  }

  @Test(.eachEngine) func `a commit can be shown`() {
    let oid = commit("one")
    let shown = run("show", "commit:HEAD", "--json").json
    #expect(shown["commits"]?.arrayValue?.first?["oid"]?.stringValue == oid)
    #expect(shown["commits"]?.arrayValue?.first?["state"]?.stringValue == "untracked")
  }
}

extension RepositoryTests {
  @Test func `what nothing else is called is a commit`() {
    let oid = commitOne()
    #expect(
      home.command(["show", "HEAD", "--json"]).run().json["commits"]?.arrayValue?.first?["oid"]?.stringValue == oid)
    #expect(home.command(["show", "nonsense"]).run().status == 66)
  }

  /// The log is cut behind the event that a commit holds: only the commit tells.
  @Test func `a commit shows that the end of the log is gone`() throws {
    _ = home.command(["init", "--hooks"]).run()
    _ = home.command(["add", "Work", "--id", "w"]).run()
    let before = try Files.read(home.database)
    _ = home.command(["claim"], as: "a").run()
    let oid = commitOne(as: "a")
    let sound = home.command(["verify", "--json"]).run().json
    #expect(sound["ok"]?.boolValue == true)
    #expect(sound["anchors"]?.arrayValue?.first?.stringValue?.contains(oid) == true)
    for suffix in ["-wal", "-shm"] { Files.remove(home.database + suffix) }
    try Files.write(before, to: home.database)
    let cut = home.command(["verify"]).run()
    #expect(cut.status == 3)
    #expect(cut.stdout.contains(oid.prefix(10)))
  }

  private func commitOne(as agent: String? = nil) -> String {
    let variables = [
      "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "Kim", "GIT_AUTHOR_EMAIL": "kim@example.org",
      "GIT_COMMITTER_NAME": "Kim", "GIT_COMMITTER_EMAIL": "kim@example.org", "ORCH_AGENT": agent ?? ""
    ]
    _ = home.program("/usr/bin/git", ["commit", "-q", "--allow-empty", "-m", "feat: x"], environment: variables).run()
    return home.program("/usr/bin/git", ["rev-parse", "HEAD"]).run().lines.first ?? ""
  }
}
