@testable import OrchCommands
import OrchTestSupport
import Testing

/// Korean throughout: no answer, error, warning or help leaves an English sentence.
@Suite("Korean texts")
struct KoreanTests {
  /// What `lines` holds in English beside names: commands, options, ids, values and what libraries say are no sentences
  /// of this program.
  ///
  /// Two words in lower case with nothing but a space between them are taken for English.
  static func english(in text: String, of home: Home) -> [String] {
    text.replacing(home.path, with: "").replacing(Snapshot.host, with: "").split(separator: "\n").compactMap { line in
      var rest = String(line)
      var wants = false
      for label in ["오류: ", "경고: ", "힌트: ", "orch: "] where rest.hasPrefix(label) {
        rest.removeFirst(label.count)
        wants = label != "힌트: "
      }
      let hangul = /[가-힣]/
      if wants, !rest.contains(hangul) { return String(line) }
      // What a library or the system says comes last, behind a sentence of ours.
      rest = rest.replacing(/(다): [^가-힣]*$/) { String($0.output.1) }
      for name in [/'[^']*'/, /"[^"]*"/, /<!--[^>]*-->/, /2 hours ago/] { rest.replace(name, with: "") }
      // A command to copy goes on to the next Korean word.
      rest.replace(/(orch|git|chmod|export|export) [^가-힣]*/, with: "")
      return rest.contains(/(^|[^-\w.])[a-z]{2,} [a-z]{2,}($|[^-\w.])/) ? String(line) : nil
    }
  }

  @discardableResult
  private func isKorean(
    _ home: Home, _ words: String..., as agent: String? = nil, in directory: String? = nil,
    environment: [String: String] = [:], at place: SourceLocation = #_sourceLocation
  ) -> CommandOutcome {
    var all = environment
    all["ORCH_LANG"] = "ko"
    let outcome = home.command(words, as: agent, in: directory, environment: all).run()
    let found = Self.english(in: outcome.stdout + "\n" + outcome.stderr, of: home)
    #expect(found == [], "\(words)", sourceLocation: place)
    #expect(!outcome.stderr.contains("내부 오류"), "\(words): \(outcome.stderr)", sourceLocation: place)
    return outcome
  }

  @Test func `the rule finds an English sentence, and no name`() {
    let home = Home(initialized: false)
    for text in ["오류: the file is gone", "경고: 작업: cannot be read", "the database has no identity", "t1  will be done"] {
      #expect(Self.english(in: text, of: home) == [text])
    }
    for text in [
      "오류: /a/b를 읽을 수 없습니다: No such file or directory", "힌트: orch review submit t1 --allow-dirty",
      "c1cb02e90b 2026-11-28 12:03 a task.claimed t1", "다음        orch checkpoint --next … | orch release done",
      "오류: 파일을 읽을 수 없습니다: the path 'nofile' does not exist in the given tree"
    ] { #expect(Self.english(in: text, of: home) == []) }
  }

  @Test func `help of every command`() {
    let home = Home(initialized: false)
    for command in CommandModel.root.members.flatMap({ [$0] + $0.members }) + [.root] {
      let words = command.path.split(separator: " ").map(String.init)
      let help = home.command(words + ["--help", "--lang", "ko"]).run()
      // Examples and usage are commands; names of options stand in front of their texts.
      let lines = help.stdout.split(separator: "\n").filter { !$0.hasPrefix("  orch ") && !$0.hasPrefix("사용법: ") }
      let texts = lines.map { $0.replacing(/^ +-[^가-힣]*/, with: "") }.joined(separator: "\n")
      #expect(Self.english(in: texts, of: home) == [], "\(command.path)")
    }
  }

  @Test func `wrong command lines`() {
    let home = Home()
    let lines = [
      ["foo"], ["clam"], ["--foo"], ["list", "--foo"], ["list", "--state", "zz"], ["list", "-n", "x"],
      ["claim", "--ttl"],
      ["--database"], ["-C", "/nowhere", "list"], ["--color", "zz", "list"], ["list", "--lang", "zz"],
      ["list", "a", "b"],
      ["list", "--json=yes"], ["add", ""], ["add"], ["add", "가", "--id", "a b"], ["add", "가", "--id", ""],
      ["add", "가", "--priority", "12"], ["add", "가", "--payload", "{"], ["add", "가", "--payload", "[1,]"],
      ["add", "가", "--payload", "\"\\q\""], ["add", "가", "--payload", "{\"a\":1,\"a\":2}"],
      ["add", "가", "--payload", "@none"], ["add", "가", "--ttl", "3x"], ["add", "가", "--ttl", "99d"],
      ["add", "가", "--not-before", "zz"], ["add", "가\n나"], ["add", "가", "--body", "@/"], ["add", "--from", "none"],
      ["edit", "t"], ["show"], ["show", "event:zz"], ["show", "task:zz"], ["note", "t"], ["note", "t", "-m", ""],
      ["decide", "a", "b"], ["decide", "a b", "c", "--because", "가"], ["decide", "a", "b", "--because", "가"],
      ["verify", "--expect", "zz"], ["verify", "--session", "zz"], ["recover", "--force"],
      ["recover", "t", "--force", "-m", "가"], ["agents", "foo"], ["agents", "set"], ["agents", "set", "x"],
      ["agents", "set", "x", "--role", "zz"], ["import", "none"], ["import", "."], ["export", "-o", "/nowhere/x"],
      ["move"], ["move", "--undo"], ["report", "t", "--since", "x"], ["report", "t", "--format", "zz"], ["link"],
      ["trace"], ["blame", "x"], ["hooks", "status"], ["hooks", "foo"], ["hooks", "run", "foo"], ["check"],
      ["check", "a"],
      ["check", "a", "--", "true"], ["init", "--journal", "x"], ["init", "--roles"], ["heartbeat"],
      ["heartbeat", "--token", "zz"], ["heartbeat", "--token", String(repeating: "a", count: 64)],
      ["release", "done", "--retry-in", "1m"], ["release", "zz"], ["--database", "/nowhere/x.db", "list"],
      ["--database", "/", "list"], ["--database", "service=nosuch", "list"], ["--agent", "a b", "list"],
      ["--database", "postgres://h/x", "init", "--journal", "wal"], ["--timeout", "x", "list"], ["claim", "zz"],
      ["review", "approve", "zz", "-m", "가"], ["handoff", "accept", "zz", "--restate", "가"], ["review", "foo"],
      ["log", "--type", "zz"], ["log", "--since", "zz"], ["contributors"], ["resume", "zz"]
    ]
    for words in lines {
      let outcome = home.command(words, environment: ["ORCH_LANG": "ko"]).run()
      #expect(Self.english(in: outcome.stdout + "\n" + outcome.stderr, of: home) == [], "\(words)")
    }
  }

  @Test(.eachEngine) func `the life of tasks`() async throws {
    let home = Home()
    isKorean(home, "add", "하나", "--id", "t1", "--reviewer", "b", "--require-check", "unit")
    isKorean(home, "add", "둘", "--id", "t2", "--after", "t1")
    isKorean(home, "add", "셋", "--id", "t3", "--not-before", "+1h")
    isKorean(home, "add", "넷", "--id", "t1")
    isKorean(home, "edit", "t1", "--after", "t2")
    for words in [["list"], ["claim"], ["claim"], ["brief"], ["status"], ["resume"], ["heartbeat"]] {
      isKorean(home, words[0], as: "a")
    }
    isKorean(home, "checkpoint", "--next", "다음", "--last", "앞", "--phase", "중간", as: "a")
    isKorean(home, "note", "t1", "-m", "메모")
    isKorean(home, "claim", "t1", as: "b")
    isKorean(home, "claim", "t2", as: "b")
    isKorean(home, "claim", "t3", as: "b")
    isKorean(home, "claim", as: "b")
    isKorean(home, "claim", as: "c")
    isKorean(home, "check", "unit", "--", "false", as: "a")
    isKorean(home, "check", "unit", "--", "/nowhere/x", as: "a")
    isKorean(home, "release", "done", as: "a")
    isKorean(home, "check", "unit", "--", "true", as: "a")
    isKorean(home, "handoff", "offer", "--to", "a", "-m", "이유", as: "a")
    isKorean(home, "handoff", "offer", "--to", "c", "-m", "이유", as: "a")
    isKorean(home, "handoff", "list")
    isKorean(home, "claim", "t1", as: "d")
    isKorean(home, "handoff", "accept", "t1", "--restate", "이해함", as: "d")
    isKorean(home, "handoff", "accept", "t1", "--restate", "이해함", as: "c")
    isKorean(home, "release", "review", "-m", "끝", as: "c")
    isKorean(home, "review", "list")
    isKorean(home, "review", "approve", "t1", "-m", "좋음", as: "c")
    isKorean(home, "review", "approve", "t1", "-m", "좋음", as: "d")
    isKorean(home, "status")
    isKorean(home, "brief", as: "b")
    isKorean(home, "review", "approve", "t1", "-m", "좋음", as: "b")
    isKorean(home, "review", "reject", "t1", "-m", "나쁨", as: "b")
    isKorean(home, "retry", "t2", "-m", "다시")
    isKorean(home, "cancel", "t2", "-m", "필요 없음")
    isKorean(home, "cancel", "t2", "-m", "필요 없음")
    isKorean(home, "decide", "a", "b", "--because", "이유", "--project", "p")
    isKorean(home, "decide", "a", "c", "--because", "이유", "--project", "p")
    isKorean(home, "add", "다섯", "--id", "d1", "--max-attempts", "1")
    isKorean(home, "add", "여섯", "--id", "d2", "--after", "d1")
    isKorean(home, "claim", "d1", as: "a")
    isKorean(home, "release", "failed", "-m", "실패", as: "a")
    isKorean(home, "add", "일곱", "--id", "l1")
    isKorean(home, "claim", "l1", as: "a")
    try await home.expireLease(of: "l1", as: "a")
    isKorean(home, "status")
    isKorean(home, "doctor")
    isKorean(home, "recover", "--dry-run")
    isKorean(home, "recover")
    isKorean(home, "release", "done", as: "a")
    isKorean(home, "heartbeat", as: "a")
    for words in [["show", "t1"], ["show", "d1"], ["log"], ["agents"], ["verify"], ["init"], ["status"]] {
      isKorean(home, words[0], words.count > 1 ? words[1] : "-q")
    }
    // What follows, of statements and their times, is for who mends the program.
    let told = home.orch("-v", "agents", environment: ["ORCH_LANG": "ko"]).stderr.split(separator: "\n")
    #expect(told.prefix(3).map { $0.prefix { $0 != " " } } == ["데이터베이스", "에이전트", "장소"])
    isKorean(home, "report", "t1")
  }

  @Test func `files that are broken`() throws {
    let home = Home()
    home.add("하나", "--id", "t1")
    home.ok("export", "-o", "log.jsonl")
    let log = String(decoding: try Files.read(home.work + "/log.jsonl"), as: UTF8.self)
    let broken = [
      "x", "{}", "[]", log.replacing("하나", with: "둘"), log.replacing("\"seq\":1", with: "\"seq\":2"),
      log.replacing("\"task\":\"t1\"", with: "\"task\":1"), log.replacing("\"schema\":1", with: "\"schema\":0"),
      log.replacing("\"fence\":null", with: "\"fence\":\"x\""), log.replacing("\"log\":\"", with: "\"log\":\"!")
    ]
    for text in broken {
      let file = home.file("broken.jsonl", text)
      #expect(isKorean(home, "import", file).status == 65, "\(text)")
    }
    for (name, text) in [("empty.db", ""), ("text.db", "not a database at all"), ("half.db", "SQLite format 3\0")] {
      isKorean(home, "--database", home.file(name, text), "list")
      isKorean(home, "--database", home.file(name, text), "init")
    }
    isKorean(home, "--database", home.directory("directory"), "list")
    isKorean(home, "move", "--to", home.path + "/it's there.db")
    let refused = isKorean(home, "add", "둘")
    #expect(refused.stderr.hasSuffix("힌트: --database '\(home.path)/it'\\''s there.db' 또는 ORCH_DATABASE_URL\n"))
    isKorean(home, "move", "--undo")
    isKorean(home, "list")
  }

  @Test func `a damaged database`() throws {
    for script in [
      "UPDATE task SET title = 'x', place = 2 WHERE id = 't1'", "UPDATE session SET queued = 9 WHERE id = 't1'",
      "UPDATE task SET after_tasks = '[\"t9\"]' WHERE id = 't2'", "DELETE FROM event WHERE pos = 2",
      "UPDATE event SET body = replace(body, '둘', '셋') WHERE pos = 2", "UPDATE event SET body = '{' WHERE pos = 2",
      "UPDATE session SET last_seq = 7 WHERE id = 't2'", "UPDATE agent SET display = 'x'", "DELETE FROM session"
    ] {
      let home = Home()
      home.add("하나", "--id", "t1")
      home.add("둘", "--id", "t2", "--after", "t1")
      home.ok("agents", "set", "ann", "--role", "author")
      let file = try SQLFile(home.database)
      for row in try file.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
        try file.run("DROP TRIGGER \(row[0] ?? "")")
      }
      try? file.run("PRAGMA foreign_keys = 0")
      try? file.run(script)
      #expect(isKorean(home, "verify").status == 3)
      for words in [["show", "t2"], ["list", "-q"], ["recover", "-q"], ["status", "-q"], ["doctor", "-q"]] {
        isKorean(home, words[0], words[1])
      }
      isKorean(home, "claim", "t1", as: "a")
    }
  }

  @Test func `repositories, hooks and reports`() throws {
    let git = GitScratch(hooks: false, agent: nil)
    let (home, tree) = (git.home, git.path)
    home.ok("edit", "t-one", "--title", "첫 작업")
    try Files.write("x\n", to: tree + "/f")
    for words in [["hooks", "install"], ["hooks", "status"], ["hooks", "uninstall"], ["trace", "zz"], ["trace", "a..b"]]
    {
      isKorean(home, words[0], words[1], in: tree)
    }
    for words in [["blame", "f"], ["show", "commit:HEAD"], ["link", "zz"], ["contributors", "-q"], ["doctor", "-q"]] {
      isKorean(home, words[0], words[1], in: tree)
    }
    isKorean(home, "add", "하나", "--id", "t1", "--claim", "--reviewer", "b", as: "a", in: tree)
    isKorean(home, "release", "review", "-m", "끝", as: "a", in: tree)
    isKorean(home, "hooks", "install", "--template", in: tree)
    let hook = tree + "/.git/hooks/commit-msg"
    for text in ["#!/bin/sh\n# >>> orch 1 inserted >>>\n", "#!/bin/sh\n# >>> orch 9 inserted >>>\n# <<< orch <<<\n"] {
      try Files.write(text, to: hook)
      isKorean(home, "doctor", in: tree)
      isKorean(home, "hooks", "install", in: tree)
      isKorean(home, "hooks", "status", in: tree)
    }
    let message = home.file("message", "a\n\nAuthor: zz\nReviewer: zz\n")
    isKorean(home, "hooks", "run", "commit-msg", message, as: "a", in: tree)
    isKorean(home, "hooks", "run", "commit-msg", message, as: "a", in: home.work)
    try Files.write("<!-- begin orch contributors -->\n", to: tree + "/C.md")
    isKorean(home, "contributors", "--write", "C.md", in: tree)
    let templates = home.path + "/.config/orch/templates"
    _ = home.directory(".config/orch/templates")
    for (name, text) in [
      ("report.md", "{{#x}}"), ("report.md", "{{x}}"), ("report.md", "{{{x}}}"), ("report.ko.txt", "zz = a\n"),
      ("report.ko.txt", "a\n")
    ] {
      try Files.write(text, to: "\(templates)/\(name)")
      #expect(isKorean(home, "report", "t1").status == 78)
      Files.remove("\(templates)/\(name)")
    }
    try Files.write("garbage\n", to: templates + "/text.xx.txt")
    #expect(home.command(["list", "--lang", "xx"]).run().status == 78)
  }
}
