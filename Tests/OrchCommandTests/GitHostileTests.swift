import OrchCore
import OrchTestSupport
import Testing

@Suite("Hostile messages and repositories")
struct GitHostileTests {
  /// A commit with this message that no hook has seen.
  private func plain(_ git: GitScratch, _ message: String, _ options: String...) -> String {
    let file = git.home.file("message-\(UInt32.random(in: 0 ... .max))", message)
    let outcome = git.run(
      ["-c", "core.hooksPath=/dev/null"] + options + ["commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", file]
    )
    #expect(outcome.status == 0, "\(outcome.stderr)")
    return git.oid()
  }

  @Test func `what is forged is unverified, and another log's is elsewhere`() {
    let git = GitScratch()
    git.orch("add", "Another", "--id", "t-two")
    let real = git.commit("feat: real")
    let event = git.trailer("Orch-Event")
    let log = event.split(separator: "/").first ?? ""
    let foreign = event.split(separator: "/").last ?? ""
    let bare = plain(git, "bare\n\nOrch-Task: t-one\n")
    let stranger = plain(git, "other session\n\nOrch-Task: t-two\nOrch-Event: \(event)\n")
    let unknown = plain(
      git, "no such event\n\nOrch-Task: t-one\nOrch-Event: \(log)/\(String(repeating: "0", count: 64))\n")
    let missing = plain(git, "no such task\n\nOrch-Task: t-none\nOrch-Event: \(event)\n")
    let elsewhere = plain(git, "another log\n\nOrch-Task: t-one\nOrch-Event: 00000000000000000000000000/\(foreign)\n")
    let folded = plain(git, "folded\n\nOrch-Task:\n t-one\nOrch-Event: \(log)/\n \(foreign)\n")
    let below = plain(git, "below a line\n\nOrch-Task: t-one\n---\nOrch-Event: \(event)\n")
    let prose = plain(git, "prose\n\nThis is\nOrch-Task: t-one\nOrch-Event: \(event)\n")
    // A name of an event that the log should have and has not: forged here, but a log that was cut looks alike.
    git.expect([real: "linked", bare: "unverified", unknown: "unverified", folded: "unverified"], sound: false)
    git.expect([stranger: "unverified"], of: "t-two", sound: false)
    #expect(git.orch("verify", status: 3).stdout.contains(unknown.prefix(10)))
    #expect(git.trace("commit:\(missing)") == [missing: "unverified"])
    #expect(git.trace("commit:\(elsewhere)") == [elsewhere: "elsewhere"])
    #expect(
      git.trace("commit:\(below)") == [below: "untracked"] && git.trace("commit:\(prose)") == [prose: "untracked"])
    // Shown, and never counted.
    let shown = git.orch("show", "t-one", "--json").json["attempts"]?.arrayValue?.first?["commits"]?.arrayValue
    #expect(shown?.compactMap { $0.stringValue } == [real])
    #expect(git.orch("trace", "t-one").stdout.contains("unverified"))
  }

  @Test func `a value is one line, and text is data`() {
    let git = GitScratch(agent: nil)
    #expect(git.orch("add", "x", "--source", "a\nOrch-Task: t-one", status: 65).stdout == "")
    git.orch("claim", "t-one", "--source", "a\nOrch-Task: t-one", as: "company-agent", status: 65)
    git.orch("claim", "t-one", as: "company-agent")
    let outcome = git.run(
      ["commit", "-q", "--allow-empty", "-m", "feat: x"], as: "company-agent",
      environment: ["ORCH_SOURCE": "a\nOrch-Task: t-x"])
    #expect(outcome.status == 0, "\(outcome.stderr)")
    #expect(!git.message().contains("t-x"), "\(git.message())")
    let evil = plain(git, "evil \u{1B}[31m\u{202E}\n\nAuthor: \u{1B}[2J\nOrch-Task: t-one\u{7}\n")
    for words in [["trace", evil], ["trace", "t-one"], ["contributors"], ["link", "--scan"], ["log"]] {
      let outcome = git.home.command(words, in: git.path, environment: git.environment()).run()
      #expect(
        outcome.status == 0 && !outcome.stdout.contains("\u{1B}") && !outcome.stdout.contains("\u{202E}"),
        "\(words) \(outcome.stdout)")
    }
  }

  @Test func `other encodings, and megabytes`() {
    let git = GitScratch()
    git.git("config", "i18n.commitEncoding", "EUC-KR")
    let korean: [UInt8] = [0xb0, 0xa1, 0xb3, 0xaa, 0x0a, 0x0a, 0xb4, 0xd9, 0x0a]
    git.git("commit", "-q", "--allow-empty", "-F", git.home.file("euc", korean))
    #expect(
      git.trailer("Orch-Task") == "t-one"
        && git.git("log", "-1", "--encoding=UTF-8", "--format=%s") == "가나 (company-agent)")
    #expect(
      git.orch("trace", "HEAD", "--json").json["commits"]?.arrayValue?.first?["subject"]?.stringValue
        == "가나 (company-agent)")
    git.git("config", "--unset", "i18n.commitEncoding")
    git.expect([git.oid(): "linked"])
    let huge =
      "feat: huge\n\n" + String(repeating: "This is a line of text: it has a colon, and >8 too.\n", count: 200_000)
    git.git("commit", "-q", "--allow-empty", "-F", git.home.file("huge", huge))
    git.orch("link", "--scan")
    #expect(git.run(["log", "-1", "--format=%s"]).stdout.hasPrefix("feat: huge"))
  }

  @Test func `no program that the repository names is run`() {
    let git = GitScratch()
    git.commit("chore: base", file: "data.bin", text: "1")
    let marker = git.home.path + "/marker"
    let bomb = git.home.file("bomb", "#!/bin/sh\necho \"$0 $*\" >> '\(marker)'\ncat 2>/dev/null\n")
    Files.setMode(bomb, 0o755)
    git.orch("hooks", "uninstall")
    git.write(".gitattributes", "* filter=x diff=x\n")
    for key in [
      "core.fsmonitor", "core.sshCommand", "filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.external",
      "diff.x.textconv", "diff.x.command", "core.pager", "core.editor", "core.askPass", "gpg.program",
      "credential.helper",
      "alias.rev-parse", "sequence.editor", "core.alternateRefsCommand"
    ] { git.git("config", key, key == "alias.rev-parse" ? "!\(bomb)" : bomb) }
    git.git("config", "commit.gpgSign", "true")
    git.git("config", "core.hooksPath", git.home.directory("bombs"))
    for hook in ["pre-commit", "reference-transaction", "post-index-change", "post-checkout"] {
      _ = git.home.file("bombs/\(hook)", "#!/bin/sh\n\(bomb)\n")
      Files.setMode(git.home.path + "/bombs/\(hook)", 0o755)
    }
    git.write("data.bin", "2")
    git.write("new", "3")
    for words in [
      ["status"], ["checkpoint", "-m", "x"], ["heartbeat"], ["link", "--scan"], ["link", "HEAD", "--task", "t-one"],
      ["trace"],
      ["trace", "t-one"], ["blame", "data.bin"], ["contributors"], ["brief"], ["doctor"], ["hooks", "install"],
      ["hooks", "status"], ["release", "requeue"], ["claim"], ["hooks", "uninstall"]
    ] {
      let outcome = git.home.command(words, as: "company-agent", in: git.path, environment: git.environment()).run()
      #expect(!outcome.wasKilled && outcome.status <= 3, "\(words): \(outcome.stderr)")
      #expect(!Files.exists(marker), "\(words): \(String(decoding: (try? Files.read(marker)) ?? [], as: UTF8.self))")
      Files.remove(marker)
    }
  }

  @Test func `GIT_DIR and GIT_INDEX_FILE lead nobody astray`() {
    let git = GitScratch()
    let other = GitScratch(hooks: false)
    git.commit("feat: one")
    other.commit("other")
    git.write("dirty", "dirty")
    func state(_ scratch: GitScratch) -> [String] {
      [
        scratch.git("for-each-ref"),
        scratch.git(
          "hash-object", scratch.path + "/.git/index", scratch.path + "/.git/HEAD", scratch.path + "/.git/config"),
        scratch.git("ls-files", "-s")
      ]
    }
    let before = [state(git), state(other)]
    let astray = [
      "GIT_DIR": other.path + "/.git", "GIT_INDEX_FILE": other.path + "/.git/index", "GIT_WORK_TREE": other.path,
      "GIT_OBJECT_DIRECTORY": other.path + "/.git/objects", "GIT_COMMON_DIR": other.path + "/.git",
      "GIT_NAMESPACE": "x",
      "GIT_CEILING_DIRECTORIES": "/"
    ]
    for words in [
      ["checkpoint", "-m", "x"], ["link", "--scan"], ["trace", "t-one"], ["blame", "featone"], ["contributors"],
      ["status"],
      ["release", "requeue"], ["claim"], ["trace"]
    ] {
      let outcome = git.home.command(words, as: "company-agent", in: git.path, environment: git.environment(astray))
        .run()
      #expect(outcome.status == 0, "\(words): \(outcome.stderr)")
      #expect([state(git), state(other)] == before, "\(words)")
    }
    #expect(
      git.orch("trace", "--json", environment: astray).json["commits"]?.arrayValue?.first?["oid"]?.stringValue
        == git.oid())
  }

  @Test(arguments: ["with space", "it's", "line\nfeed", "$(id) `x` \"q\" \\", "저장소"]) func `any path will do`(
    name: String
  ) {
    let git = GitScratch(name: name)
    let one = git.commit("feat: one", file: name)
    git.expect([one: "linked"])
    #expect(git.orch("blame", name).status == 0)
    git.git("worktree", "add", "-q", "-b", "second", git.home.path + "/other " + name)
    let two = git.commit("feat: two", as: "company-agent", in: git.home.path + "/other " + name)
    git.expect([one: "linked", two: "linked"])
    git.orch("hooks", "uninstall")
  }

  @Test func `whatever kind of repository it is`() {
    let git = GitScratch()
    #expect(git.trace() == [:])
    git.orch("link", "--scan")
    git.orch("checkpoint", "-m", "unborn", as: "company-agent")
    let one = git.commit("feat: one", file: "in/f")
    git.git("checkout", "-q", "--detach")
    let two = git.commit("feat: two", file: "out/f")
    git.expect([one: "linked", two: "linked"])
    git.git("branch", "-q", "-f", "main", two)
    git.git("checkout", "-q", "main")
    let bare = git.home.path + "/bare.git"
    git.git("clone", "-q", "--bare", git.path, bare)
    #expect(git.trace(in: bare) == [one: "linked", two: "linked"])
    git.orch("link", "--scan", in: bare)
    let shallow = git.home.path + "/shallow"
    git.git("clone", "-q", "--depth", "1", "file://" + git.path, shallow)
    // libgit2 does not end a walk where a shallow clone does.
    git.orch("link", "--scan", in: shallow)
    #expect(git.trace(in: shallow) == [one: "linked", two: "linked"])
    git.orch("verify", in: shallow)
    git.orch("contributors", in: shallow)
    git.git("sparse-checkout", "set", "in")
    git.orch("checkpoint", "-m", "sparse", as: "company-agent")
    let sparse = git.orch("log", "--type", "checkpoint.saved", "--json").json["commit"]
    #expect(sparse?["oid"]?.stringValue == two && git.git("status", "--short") == "")
    // Nor does it know that files which a sparse checkout leaves out are not deleted.
    #expect(sparse?["dirty"]?.boolValue == false)
    let parent = git.home.path + "/parent"
    git.git("init", "-q", parent)
    git.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", git.path, "sub", in: parent)
    git.orch("hooks", "install", in: parent + "/sub")
    let three = git.commit("feat: three", as: "company-agent", in: parent + "/sub")
    #expect(git.trailer("Orch-Task", three, in: parent + "/sub") == "t-one")
    #expect(git.trace(in: parent + "/sub") == [one: "linked", two: "linked", three: "linked"])
    git.orch("verify")
  }

  @Test func `SHA-256 is said to be too new, and a repository around it is not used instead`() {
    let git = GitScratch()
    let one = git.commit("feat: one")
    let inner = git.path + "/inner"
    git.git("init", "-q", "--object-format=sha256", inner)
    git.git("commit", "-q", "--allow-empty", "-m", "inner", in: inner)
    git.orch("add", "Inner", "--id", "t-inner")
    let claim = git.orch("claim", "t-inner", "--json", as: "home-agent", in: inner)
    #expect(claim.json["lease", "instance"]?.stringValue == inner, "\(claim.stdout)")
    #expect(claim.stderr.contains("unsupported repository \(inner)"), "\(claim.stderr)")
    let event = git.orch("log", "--type", "task.claimed", "--task", "t-inner", "--json").json
    #expect(event["commit"] == .null && event["task"]?.stringValue == "t-inner")
    for words in [["link", "--scan"], ["trace"], ["hooks", "install"], ["contributors"]] {
      let outcome = git.home.command(words, in: inner, environment: git.environment()).run()
      #expect(
        outcome.status != 0 && outcome.stderr.contains("unsupported repository"),
        "\(words): \(outcome.status) \(outcome.stderr)")
    }
    git.expect([one: "linked"])
  }
}
