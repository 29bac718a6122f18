import OrchCore
import OrchTestSupport
import Testing

/// Two agents, an owner and real commits: what is handed over, reviewed, checked and decided, from the first claim to the
/// squash on main, and the report of it in every format and both languages.
@Suite("A story")
struct StoryTests {
  @Test(.needsBrowser) func `company-agent builds, home-agent reviews, JQ approves last`() throws {
    let story = Story()
    story.begin()
    story.buildAndSubmit()
    story.rejectAndAmend()
    story.rebase()
    story.approveLast()
    story.handOver()
    story.decide()
    story.squash()
    try story.report()
    story.git.home.ok("verify")
  }
}

/// The places and the turns of the story.
private final class Story {
  let git = GitScratch(hooks: true, agent: nil, name: "company")
  /// Where home-agent works: a clone.
  var home: String { git.home.path + "/home" }
  private var origin: String { git.home.path + "/origin.git" }
  private static let task = "t-queue"

  private func orch(
    _ words: String..., as agent: String = "company-agent", in directory: String? = nil, status: Int32 = 0,
    saying text: String = "", at place: SourceLocation = #_sourceLocation
  ) {
    let outcome = git.home.command(words, as: agent, in: directory ?? git.path, environment: git.environment()).run()
    #expect(outcome.status == status, "\(words): \(outcome.stdout)\(outcome.stderr)", sourceLocation: place)
    #expect(
      (outcome.stdout + outcome.stderr).contains(text), "\(words): \(outcome.stdout)\(outcome.stderr)",
      sourceLocation: place)
  }

  private func review(as agent: String? = nil, at place: SourceLocation = #_sourceLocation) -> [String] {
    git.orch("review", "list", "--json", at: place).objects.map {
      "\($0["reviewer"]?.stringValue ?? "") \($0["verdict"]?.stringValue ?? "")\($0["stale"]?.boolValue == true ? " stale" : "")"
    }
  }

  private func check(status: Int32 = 0, at place: SourceLocation = #_sourceLocation) {
    orch("check", "test", "--task", Self.task, "--", "grep", "-c", "", "queue.txt", status: status, at: place)
  }

  func begin() {
    git.orch("cancel", "t-one", "-m", "not of this story")
    git.git("init", "-q", "--bare", "-b", "main", origin)
    git.write("queue.txt", "nothing\n")
    git.git("add", "-A")
    git.git("commit", "-q", "-m", "chore: begin")
    git.git("remote", "add", "origin", origin)
    git.git("push", "-q", "-u", "origin", "main")
    git.git("clone", "-q", origin, home)
    git.git("checkout", "-q", "-b", "queue")
    for place in [git.path, home] {
      git.git("config", "orch.ownerApproval", "true", in: place)
      git.git("config", "orch.project", "example.org/story", in: place)
    }
    for (name, display, role) in [
      ("JQ", "JQ", "owner"), ("company-agent", "회사재규", "author"), ("home-agent", "집재규", "reviewer")
    ] { git.orch("agents", "set", name, "--display", display, "--role", role, as: "JQ") }
    git.orch(
      "add", "작업 대기열을 저장한다", "--id", Self.task, "--body", "A queue that survives a restart.\nSQLite is enough.",
      "--reviewer", "home-agent", "--reviewer", "lab-agent", "--require-check", "test", "--require-review",
      "--source", "openclaw:discord", as: "JQ")
    git.orch("add", "Describe the queue", "--id", "t-docs", "--after", Self.task, as: "JQ")
  }

  func buildAndSubmit() {
    orch("claim", Self.task)
    orch("checkpoint", "--last", "table drafted", "--next", "write the queue", "--phase", "schema")
    git.commit("feat: a queue", file: "queue.txt", text: "nothing\nfirst", as: "company-agent")
    check()
    orch("release", "done", "-m", "it works", status: 1, saying: "requires a review")
    orch("review", "approve", Self.task, "-m", "mine", status: 1, saying: "nobody reviews work of their own")
    orch("release", "review", "-m", "The queue survives kill -9.")
    #expect(review() == ["home-agent requested", "lab-agent requested"])
    orch("review", "approve", Self.task, "-m", "I am nobody", as: "other-agent", status: 1, saying: "no reviewer")
    orch("review", "approve", Self.task, "-m", "early, but good", as: "lab-agent", in: git.home.work)
  }

  func rejectAndAmend() {
    orch("review", "reject", Self.task, "-m", "Name the second line.", as: "home-agent", in: home)
    orch("claim", saying: "Name the second line.")
    git.write("queue.txt", "nothing\nfirst\nsecond\n")
    git.git("commit", "-q", "-a", "--amend", "--no-edit", as: "company-agent")
    orch("release", "review", "-m", "Named.")
    #expect(review() == ["home-agent requested", "lab-agent requested", "lab-agent approved stale"])
    orch("review", "approve", Self.task, "-m", "fine", as: "home-agent", in: home, status: 1, saying: "have not passed")
    check()
    orch("review", "approve", Self.task, "-m", "Reads well now.", as: "home-agent", in: home)
    orch("review", "approve", Self.task, "-m", "again", as: "lab-agent", in: git.home.work)
    orch("review", "approve", Self.task, "-m", "fine", as: "home-agent", in: home)
    #expect(Set(review()) == ["JQ requested", "home-agent approved", "lab-agent approved"])
  }

  func rebase() {
    // Main moves on in the other clone.
    git.commit("docs: a license", file: "LICENSE", text: "MIT", in: home)
    git.git("push", "-q", in: home)
    git.git("fetch", "-q")
    git.git("rebase", "-q", "origin/main", as: "company-agent")
    // The same change: the approvals stay.
    orch("review", "submit", Self.task, "-m", "rebased")
    #expect(Set(review()) == ["JQ requested", "home-agent approved", "lab-agent approved"])
    // Another one: the branch holds something else than what was submitted.
    let rebased = git.oid()
    git.write("queue.txt", "nothing\nfirst\nsecond\nthird\n")
    git.git("commit", "-q", "-a", "--amend", "--no-edit", as: "company-agent")
    orch("review", "approve", Self.task, "-m", "fine", as: "JQ", status: 1, saying: "holds something else by now")
    orch("review", "submit", Self.task, "-m", "one more line")
    #expect(
      Set(review()) == [
        "home-agent requested", "lab-agent requested", "home-agent approved stale", "lab-agent approved stale"
      ])
    git.git("reset", "-q", "--hard", rebased)
    orch("review", "submit", Self.task, "-m", "without it")
    #expect(Set(review()) == ["JQ requested", "home-agent approved", "lab-agent approved"])
  }

  func approveLast() {
    orch("review", "approve", Self.task, "-m", "fine", as: "JQ", in: home, status: 1, saying: "have not passed")
    check()
    orch("review", "approve", Self.task, "-m", "좋습니다. 병합하세요.", as: "JQ", in: home, saying: "done")
    #expect(git.home.state(Self.task) == "done")
  }

  func handOver() {
    git.git("checkout", "-q", "-b", "docs", "origin/main")
    orch("claim", "t-docs")
    git.commit("docs: the queue", file: "README", text: "A queue.", as: "company-agent")
    orch("handoff", "offer", "--to", "company-agent", "-m", "to myself", status: 1, saying: "somebody else")
    orch("handoff", "offer", "--to", "home-agent", "-m", "the night begins", "--next", "the second chapter")
    orch("handoff", "accept", "t-docs", as: "lab-agent", in: git.home.work, status: 1, saying: "offered to home-agent")
    orch("claim", "t-docs", as: "lab-agent", in: git.home.work, status: 75)
    orch("handoff", "decline", "t-docs", "-m", "not tonight", as: "home-agent", in: home)
    orch("claim")
    orch("handoff", "offer", "--to", "home-agent", "-m", "once more", "--expires", "1s")
    #expect(eventually { git.orch("recover", as: "watchdog").stdout.contains("offer expired") })
    orch("claim", "t-docs")
    orch("handoff", "offer", "--to", "home-agent", "-m", "now", "--next", "the second chapter")
    orch(
      "handoff", "accept", "t-docs", "--restate", "I write the second chapter, on recovery.", as: "home-agent",
      in: home,
      saying: "offered: now")
    git.git("fetch", "-q", git.path, "docs:docs", in: home)
    git.git("checkout", "-q", "docs", in: home)
    git.commit("docs: recovery", file: "README", text: "A queue.\nIt recovers.", as: "home-agent", in: home)
    orch("release", "done", "-m", "Both chapters stand.", as: "home-agent", in: home)
    git.git("fetch", "-q", home, "+docs:docs-of-home")
  }

  func decide() {
    func decide(_ words: String..., as agent: String, status: Int32 = 0) -> CommandOutcome {
      let outcome = git.home.command(
        ["decide"] + words + ["--json"], as: agent, in: git.path, environment: git.environment()
      ).run()
      #expect(outcome.status == status, "\(words): \(outcome.stderr)")
      return outcome
    }
    let first = decide("journal", "wal", "--because", "readers do not wait", as: "JQ")
    let refused = decide("journal", "delete", "--because", "it is on NFS", as: "company-agent", status: 1)
    #expect(refused.error["decision", "event"]?.stringValue == first.json["event"]?.stringValue)
    #expect(refused.error["hint"]?.stringValue?.contains("--supersedes") == true)
    _ = decide(
      "journal", "delete", "--because", "it is on NFS", "--supersedes",
      String(refused.error["decision", "event"]?.stringValue?.prefix(10) ?? ""), as: "company-agent")
  }

  func squash() {
    git.git("checkout", "-q", "-B", "main", "origin/main")
    let body = git.orch("report", Self.task, "--format", "pr").stdout
    git.git("merge", "-q", "--squash", "queue")
    git.git("commit", "-q", "-m", "feat: a queue (#7)", "-m", body)
    // The trailers that the body ends with are those of the commit.
    #expect(git.trailer("Orch-Task") == Self.task && git.trailer("Author") == "company-agent")
    #expect(git.trailer("Reviewer") == "lab-agent,home-agent,JQ" || git.trailer("Reviewer").contains("home-agent"))
    git.git("branch", "-q", "-D", "queue")
    git.orch("link", "--scan")
    #expect(git.trace("commit:HEAD")[git.oid()] == "linked")
  }

  // MARK: The report

  func report() throws {
    var jobs: [ReportHarness.Job] = []
    for language in ["en", "ko"] {
      for format in ["md", "html", "json", "pr"] {
        let file = git.home.path + "/report.\(language).\(format == "pr" ? "pr.md" : format)"
        git.orch(
          "report", Self.task, "t-docs", "--format", format, "--lang", language, "-o", file)
        let text = String(decoding: try Files.read(file), as: UTF8.self)
        switch format {
        case "html": jobs.append(.html(file, lang: language, texts: ["회사재규 (company-agent)", "작업 대기열을 저장한다"]))
        case "md": jobs.append(.markdown(file, texts: ["회사재규 (company-agent)"]))
        case "pr": jobs.append(.markdown(file, trailers: true))
        default: _ = try JSON.parse(text)
        }
        try StorySnapshot(git).expect(text, "report.\(language).\(format)")
      }
    }
    for outcome in try ReportHarness.check(jobs) {
      #expect(outcome.findings.isEmpty, "\(outcome.path): \(outcome.findings.joined(separator: "\n"))")
    }
  }
}
