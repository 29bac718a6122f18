import OrchCore
import OrchTestSupport
import Testing

@Suite("Reports")
struct ReportTests {
  private func report(_ git: GitScratch, _ words: String..., at place: SourceLocation = #_sourceLocation) -> JSON {
    let outcome = git.home.command(["report", "--format", "json"] + words, in: git.path, environment: git.environment())
      .run()
    #expect(outcome.status == 0, "\(outcome.stderr)", sourceLocation: place)
    return outcome.json
  }

  private func texts(_ json: JSON?, _ key: String) -> [String] {
    (json?.arrayValue ?? []).compactMap { $0[key]?.stringValue }
  }

  /// The ids of its tasks.
  private func tasks(_ report: JSON) -> [String] {
    (report["tasks"]?.arrayValue ?? []).compactMap { $0["task", "id"]?.stringValue }
  }

  @Test(.eachEngine) func `is of tasks, a session, a time, a range, or everything that is open`() {
    let git = GitScratch()
    git.orch("add", "Another", "--id", "t-two", "--session", "line")
    git.orch("add", "A third", "--id", "t-three", "--session", "line")
    let base = git.commit("chore: begin", as: "company-agent")
    let stray = git.commit("chore: by hand", "--no-verify")
    git.orch("release", "done", "-m", "made it", as: "company-agent")
    #expect(tasks(report(git, "t-two", "--task", "t-one")) == ["t-two", "t-one"])
    #expect(tasks(report(git, "--session", "line")) == ["t-two", "t-three"])
    #expect(Set(tasks(report(git))) == ["t-two", "t-three"], "what is done is not open")
    #expect(Set(tasks(report(git, "--since", "1 hour ago"))) == ["t-one", "t-two", "t-three"])
    #expect(tasks(report(git, "--since", "2 hours ago", "--until", "1 hour ago")) == [])
    let ranged = report(git, "--range", "\(base)^!".replacing("^!", with: ""))
    #expect(texts(ranged["commits"], "oid") == [base] && tasks(ranged) == ["t-one"])
    let all = report(git, "--range", "HEAD~1..HEAD")
    #expect(texts(all["commits"], "oid") == [stray])
    for words in [
      ["--session", "line", "t-one"], ["--range", "HEAD", "--since", "now"], ["--until", "now"], ["--format", "pdf"]
    ] {
      let outcome = git.home.command(["report"] + words, in: git.path, environment: git.environment()).run()
      #expect(outcome.status == 64 && outcome.stdout.isEmpty, "\(words): \(outcome.stderr)")
    }
    #expect(git.orch("report", "t-nosuch", status: 66).stderr.contains("there is no task"))
    #expect(git.orch("report", "--session", "nosuch", status: 66).stdout.isEmpty)
    #expect(git.orch("report", "--range", "nosuch..HEAD", status: 66).stdout.isEmpty)
  }

  @Test func `says what waits, for whom, and how things stand`() {
    let git = GitScratch()
    let home = git.home
    func level() -> String? { report(git)["status", "level"]?.stringValue }
    func needs() -> [String] {
      (report(git)["needs"]?.arrayValue ?? []).map {
        "\($0["kind"]?.stringValue ?? "") \($0["task"]?.stringValue ?? "") \(($0["who"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ","))"
      }
    }
    #expect(level() == "on-track" && needs() == [])
    git.commit("chore: begin")
    git.git("checkout", "-q", "-b", "work")
    git.commit("feat: x", as: "company-agent")
    git.orch("release", "review", "--reviewer", "home-agent", as: "company-agent")
    #expect(level() == "on-track" && needs() == ["review t-one home-agent"])
    git.commit("feat: y", as: "company-agent")
    #expect(level() == "watch" && needs() == ["stale-submission t-one company-agent"])
    git.orch("add", "Offered", "--id", "t-two")
    git.orch("claim", "t-two", as: "company-agent")
    git.orch("handoff", "offer", "--to", "home-agent", "-m", "take it", as: "company-agent")
    #expect(needs().contains("offer t-two home-agent"))
    git.orch("add", "Dies", "--id", "t-dead", "--max-attempts", "1")
    git.orch("add", "Waits", "--id", "t-waits", "--after", "t-dead")
    git.orch("claim", "t-dead", as: "company-agent")
    git.orch("release", "failed", "-m", "no way", as: "company-agent")
    #expect(level() == "blocked")
    #expect(needs().contains("dead t-dead ") && needs().contains("dependency-dead t-waits "))
    // Each names the command that leads on, and it is one.
    for need in report(git)["needs"]?.arrayValue ?? [] {
      let words = (need["command"]?.stringValue ?? "").split(separator: " ").prefix(2).map(String.init)
      #expect(words.first == "orch" && home.orch(words.last ?? "", "--help").status == 0, "\(words)")
    }
    home.ok("verify")
  }

  @Test func `is written as a file's name ends, whole or not at all`() throws {
    let git = GitScratch()
    let directory = git.home.directory("reports")
    for (name, beginning) in [("r.html", "<!DOCTYPE html>"), ("r.json", "{"), ("r.md", "# "), ("r", "# ")] {
      let outcome = git.orch("report", "t-one", "-o", directory + "/" + name)
      #expect(outcome.stdout.isEmpty && outcome.stderr == "wrote \(directory)/\(name)\n")
      #expect(String(decoding: try Files.read(directory + "/" + name), as: UTF8.self).hasPrefix(beginning), "\(name)")
    }
    #expect(Files.names(in: directory).sorted() == ["r", "r.html", "r.json", "r.md"])
    git.orch("report", "t-one", "-o", directory, status: 64)
    git.orch("report", "t-one", "-o", git.home.path + "/nosuch/r.md", status: 74)
    git.orch("report", "t-nosuch", "-o", directory + "/new.md", status: 66)
    #expect(Files.names(in: directory).count == 4, "nothing is left of what failed")
    // Offering with a report writes it with the offer in it.
    git.orch(
      "handoff", "offer", "--to", "home-agent", "-m", "the night begins", "--report", directory + "/h.json",
      as: "company-agent")
    let written = try JSON.parse(Files.read(directory + "/h.json"))
    #expect(texts(written["handoffs"], "why") == ["the night begins"])
  }

  @Test func `the user's own templates and words win`() throws {
    let git = GitScratch()
    let templates = git.home.directory(".config/orch/templates")
    let own = templates + "/report.md"
    _ = try Files.write("OWN {{title}}\n", to: own)
    #expect(git.orch("report", "t-one").stdout == "OWN The first task\n")
    _ = try Files.write("one\n{{#tasks}}\n{{nosuch}}\n{{/tasks}}\n", to: own)
    let failed = git.orch("report", "t-one", status: 78)
    #expect(
      failed.stdout.isEmpty && failed.stderr.contains("report.md") && failed.stderr.contains("3"), "\(failed.stderr)")
    _ = try Files.write("{{{title}}}\n", to: own)
    git.orch("report", "t-one", status: 78)
    Files.remove(own)
    #expect(git.orch("report", "t-one").stdout.hasPrefix("# The first task"))
  }

  /// What somebody could write wherever orch takes a text.
  static let hostile =
    "<script>alert(1)</script> ![x](http://evil.example/p.png) [y](javascript:alert(1)) `````` ``` | a | b | <!-- --> "
    + "</title></style></svg> {{title}} www.evil.example a@evil.example @everyone #1 $x$ \u{202E}txt.exe\u{202C} &lt; \\"

  @Test(.needsBrowser) func `hostile text stays text, in every field and every format`() throws {
    let git = GitScratch(agent: nil)
    let evil = Self.hostile
    let body =
      evil + "\n\n```\n# heading\n- item\n> quote\n<div onclick=x>\n| a | b |\n|---|---|\n"
      + String(repeating: "가나다라 ", count: 40)
    git.orch(
      "add", evil, "--id", "t-evil", "--body", body, "--source", evil, "--reviewer", "home-agent", "--require-check",
      "test", as: "jq")
    git.orch("agents", "set", "company-agent", "--display", evil)
    git.orch("claim", "t-evil", as: "company-agent")
    git.orch("note", "t-evil", "-m", String(repeating: "가", count: 21_845), as: "jq")
    git.orch(
      "checkpoint", "--last", body, "--next", body, "--phase", evil, "--ref", evil, "-m", body, as: "company-agent")
    git.git("checkout", "-q", "-b", "evil<b>&'branch")
    git.write("file", "x\n")
    git.git("add", "-A")
    git.git(
      "commit", "-q", "-m", evil, as: "company-agent", environment: ["GIT_AUTHOR_NAME": "<b>Evil|</b> ![x](http://e)"])
    git.orch("check", "test", "--", "sh", "-c", "exit 3 # " + evil, as: "company-agent", status: 3)
    git.orch("decide", "evil", evil, "--because", body, as: "jq")
    git.orch("release", "review", "-m", body, as: "company-agent")
    git.orch("review", "reject", "t-evil", "-m", body, as: "home-agent")
    git.orch("claim", "t-evil", as: "company-agent")
    git.orch("handoff", "offer", "--to", "home-agent", "-m", body, "--next", body, as: "company-agent")
    git.orch("handoff", "accept", "t-evil", "--restate", body, as: "home-agent", in: git.home.work)
    git.orch("release", "failed", "-m", body, "--error-code", evil, as: "home-agent", in: git.home.work)
    var jobs: [ReportHarness.Job] = []
    for (language, format) in [("en", "html"), ("ko", "html"), ("en", "md"), ("ko", "md"), ("en", "pr"), ("ko", "pr")] {
      let file = git.home.path + "/evil.\(language).\(format)" + (format == "pr" ? ".md" : "")
      git.orch("report", "t-evil", "--format", format, "--lang", language, "-o", file)
      switch format {
      case "html": jobs.append(.html(file, lang: language, views: [.narrow], isPictured: false))
      case "md": jobs.append(.markdown(file, allowing: ["mathematics"]))
      default: jobs.append(.markdown(file, trailers: true, allowing: ["mathematics"]))
      }
    }
    for outcome in try ReportHarness.check(jobs) {
      #expect(outcome.findings.isEmpty, "\(outcome.path): \(outcome.findings.prefix(5).joined(separator: "\n"))")
    }
    let json = report(git, "t-evil")
    #expect(json["tasks"]?.arrayValue?.first?["task", "title"]?.stringValue == evil)
    git.home.ok("verify")
  }
}
