#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Checking")
struct CheckTests {
  private func held(_ more: String...) -> Home {
    let home = Home()
    home.add("One", "--id", "a", "--require-check", "ci")
    #expect(home.command(["claim", "a"] + more, as: "ann").run().status == 0)
    return home
  }

  /// Waits until a file is there: what is run has come so far.
  private func awaitFile(_ path: String, at place: SourceLocation = #_sourceLocation) {
    #expect(eventually { Files.exists(path) }, sourceLocation: place)
  }

  private static let bytes: [UInt8] = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }

  @Test func `output comes through byte for byte, and its hash`() throws {
    let home = held()
    let blob = home.file("blob", Self.bytes)
    let plain = home.orch("check", "ci", "--", "cat", blob, as: "ann")
    #expect(plain.status == 0 && plain.outBytes == Self.bytes && plain.stderr == "orch: check ci of a passed\n")
    let apart = home.orch("check", "ci", "--json", "--", "sh", "-c", "cat \(blob)", as: "ann")
    #expect(apart.status == 0 && apart.errorBytes == Self.bytes && apart.lines.count == 1)
    let sum = home.program("/usr/bin/env", ["sha256sum", blob]).run().stdout.prefix(64)
    #expect(apart.json["outputHash"]?.stringValue == String(sum))
    #expect(apart.json["passed"]?.boolValue == true && apart.json["required"]?.boolValue == true)
    let both = home.orch("check", "ci", "--", "sh", "-c", "echo out; echo err >&2", as: "ann")
    #expect(both.stdout == "out\n" && both.stderr.hasPrefix("err\n"))
    home.ok("verify")
  }

  @Test func `the status is the command's own`() {
    let home = held()
    for (words, status) in [
      (["sh", "-c", "exit 3"], Int32(3)), (["nosuchprogram"], 127), (["/etc"], 127), (["sh", "-c", "kill -9 $$"], 137)
    ] {
      let outcome = home.command(["check", "ci", "--json", "--"] + words, as: "ann").run()
      #expect(
        outcome.status == status && outcome.json["exitStatus"]?.intValue == Int64(status), "\(words): \(outcome.stderr)"
      )
      #expect(outcome.json["passed"]?.boolValue == false)
    }
    #expect(home.events("a").count { $0 == "check.recorded" } == 4)
    home.fails(.usage, "check", "ci", as: "ann")
    home.fails(.usage, "check", "--", "true", as: "ann")
    home.fails(.invalidInput, "check", "a b", "--", "true", as: "ann")
    home.ok("verify")
  }

  @Test(.eachEngine) func `done needs it`() {
    let home = held()
    home.fails(.refused, "release", "done", as: "ann")
    home.ok("check", "ci", "--", "true", as: "ann")
    #expect(home.orch("check", "ci", "--", "false", as: "ann").status == 1)
    home.fails(.refused, "release", "done", as: "ann")
    home.ok("check", "other", "--", "true", as: "ann")
    home.fails(.refused, "release", "done", as: "ann")
    home.ok("check", "ci", "--", "true", as: "ann")
    home.ok("release", "done", as: "ann")
    home.ok("verify")
  }

  @Test func `who holds nothing names the task`() {
    let home = held()
    home.fails(.nothingHeld, "check", "ci", "--", "true", as: "bob")
    home.fails(.notFound, "check", "ci", "--task", "nosuch", "--", "true", as: "bob")
    let outcome = home.ok("check", "ci", "--task", "a", "--json", "--", "true", as: "bob").json
    #expect(outcome["by"]?.stringValue == "bob" && outcome["passed"]?.boolValue == true)
    #expect(home.json("log", "--type", "check.recorded")["fence"]?.isNull == true)
    home.ok("verify")
  }

  @Test(arguments: [SIGTERM, SIGINT]) func `a signal is the command's business`(number: Int32) {
    let home = held()
    let (one, two) = (home.path + "/one", home.path + "/two")
    let ended = home.start("check", "ci", "--json", "--", "sh", "-c", "touch \(one); exec sleep 3600", as: "ann")
    awaitFile(one)
    ended.signal(number)
    let outcome = ended.wait()
    #expect(outcome.status == 128 + number && !outcome.wasKilled)
    #expect(outcome.json["exitStatus"]?.intValue == Int64(128 + number))
    let trapped = home.start(
      "check", "ci", "--", "sh", "-c", "trap 'echo got; exit 7' TERM INT; touch \(two); while :; do sleep 0.05; done",
      as: "ann")
    awaitFile(two)
    trapped.signal(number)
    let own = trapped.wait()
    #expect(own.status == 7 && own.stdout == "got\n", "\(own.stderr)")
    #expect(home.events("a").count { $0 == "check.recorded" } == 2)
    home.ok("verify")
  }

  @Test func `what the caller ignores stays ignored`() {
    let home = held()
    let mark = home.path + "/mark"
    let line =
      "trap '' HUP; exec \(CommandRunner.binary) check ci -- sh -c 'touch \(mark); kill -HUP $PPID $$; echo survived'"
    let outcome = home.program("/bin/sh", ["-c", line], environment: ["ORCH_AGENT": "ann"]).run()
    #expect(outcome.status == 0 && outcome.stdout == "survived\n", "\(outcome.stderr)")
    home.ok("verify")
  }

  @Test func `a lease is kept alive meanwhile`() {
    let home = held("--ttl", "3s")
    let go = home.path + "/go"
    let running = home.start("check", "ci", "--", "sh", "-c", "while ! test -e \(go); do sleep 0.05; done", as: "ann")
    // Nobody else gives signs of life. Each is later than the one before, and the expiry follows it.
    var expiries: Set<String> = []
    #expect(
      eventually {
        expiries.insert(home.json("show", "a")["task", "lease", "expiresAt"]?.stringValue ?? "")
        return expiries.count > 3
      })
    _ = home.file("go", "")
    #expect(running.wait().status == 0)
    #expect(home.json("show", "a")["task", "failures"]?.intValue == 0)
    home.ok("verify")
  }

  @Test(.eachEngine) func `a lease that is lost meanwhile is never a success`() {
    let home = held()
    let (mark, go) = (home.path + "/mark", home.path + "/go")
    let running = home.start(
      "check", "ci", "--json", "--", "sh", "-c", "touch \(mark); while ! test -e \(go); do sleep 0.05; done", as: "ann")
    awaitFile(mark)
    home.ok("recover", "--force", "a", "-m", "x", as: "bob")
    home.claim("a", as: "bob")
    _ = home.file("go", "")
    let outcome = running.wait()
    #expect(
      outcome.status == 76 && outcome.error["code"]?.stringValue == "lease-lost" && outcome.stdout == "",
      "\(outcome.stderr)")
    #expect(!home.events("a").contains("check.recorded"))
    home.fails(.refused, "release", "done", as: "bob")
    home.ok("verify")
  }

  @Test(arguments: [false, true]) func `a database that is gone meanwhile is never a success`(
    isReplaced: Bool
  ) {
    let home = held()
    let (mark, go) = (home.path + "/mark", home.path + "/go")
    let running = home.start(
      "check", "ci", "--", "sh", "-c", "touch \(mark); while ! test -e \(go); do sleep 0.05; done", as: "ann")
    awaitFile(mark)
    Files.remove(home.path + "/state")
    if isReplaced { home.ok("init") }
    _ = home.file("go", "")
    let outcome = running.wait()
    #expect(outcome.status == (isReplaced ? 76 : 69), "\(outcome.stderr)")
    if isReplaced { #expect(home.ok("log").stdout == "") }
  }

  @Test func `what is left behind and holds the output is not waited for`() {
    let home = held()
    let pid = home.path + "/pid"
    func left() -> pid_t {
      let text = String(decoding: (try? Files.read(pid)) ?? [], as: UTF8.self)
      return text.split(separator: "\n").first.flatMap { pid_t($0) } ?? 0
    }
    let quiet = home.orch("check", "ci", "--", "sh", "-c", "sleep 3600 & echo $! > \(pid); echo hi", as: "ann")
    #expect(quiet.status == 0 && quiet.stdout == "hi\n")
    let sleeping = left()
    #expect(sleeping > 0 && kill(sleeping, SIGKILL) == 0, "it ran longer than the check")
    let loud = home.orch("check", "ci", "--", "sh", "-c", "yes & echo $! > \(pid)", as: "ann")
    #expect(loud.status == 0)
    // Nobody reads what it goes on to print.
    let printing = left()
    #expect(printing > 0 && eventually { kill(printing, 0) != 0 })
    home.ok("verify")
  }

  @Test func `nobody reads its output, and it goes on`() {
    let home = held()
    let line = "(\(CommandRunner.binary) check ci -- seq 100000; echo $? > status) | head -n 1"
    #expect(home.program("/bin/sh", ["-c", line], environment: ["ORCH_AGENT": "ann"]).run().stdout == "1\n")
    #expect(String(decoding: (try? Files.read(home.work + "/status")) ?? [], as: UTF8.self) == "0\n")
    #expect(home.json("log", "--type", "check.recorded")["data", "exitStatus"]?.intValue == 0)
    home.ok("verify")
  }

  @Test func `only what ran on the present tree, all of it committed, counts`() {
    let git = GitScratch(hooks: false)
    git.commit("feat: base")
    git.orch("edit", "t-one", "--require-check", "ci")
    func check(_ line: String) -> JSON {
      git.orch("check", "ci", "--json", "--", "sh", "-c", line, as: "company-agent").json
    }
    func isDone() -> Bool {
      git.home.command(["release", "done"], as: "company-agent", in: git.path, environment: git.environment()).run()
        .status == 0
    }
    git.write("loose", "x")
    #expect(check("true")["dirty"]?.boolValue == true && !isDone())
    git.commit("feat: loose")
    #expect(check("echo x > made")["passed"]?.boolValue == false && !isDone(), "it left something behind")
    git.commit("feat: made")
    let moved = check("git -c core.hooksPath=/dev/null commit -q --allow-empty -m moved")
    #expect(moved["dirty"]?.boolValue == true && moved["oid"]?.stringValue == git.oid("HEAD^") && !isDone())
    #expect(check("true")["passed"]?.boolValue == true)
    // A later run beside files that are not committed says nothing of the tree.
    git.write("loose", "y")
    #expect(check("true")["passed"]?.boolValue == false)
    git.git("checkout", "-q", "loose")
    git.git("commit", "-q", "--allow-empty", "-m", "the same tree")
    let tree = git.oid("HEAD^{tree}")
    git.commit("feat: other")
    #expect(!isDone(), "another tree")
    git.git("reset", "-q", "--hard", "HEAD^")
    #expect(git.oid("HEAD^{tree}") == tree && isDone(), "the same tree under another commit")
    git.orch("verify")
  }
}
