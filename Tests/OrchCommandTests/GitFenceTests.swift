#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore
import OrchTestSupport
import Testing

@Suite("Who commits, and the fence")
struct GitFenceTests {
  @Test func `a person at a terminal is not stamped`() {
    let git = GitScratch()
    let outcome = git.run(["commit", "-q", "--allow-empty", "-m", "my own"], attended: true)
    #expect(outcome.status == 0 && outcome.stdout == "" && outcome.stderr == "", "\(outcome.stdout)\(outcome.stderr)")
    #expect(git.message() == "my own\n" || git.message() == "my own", "\(git.message())")
    #expect(git.trace("commit:HEAD") == [git.oid(): "untracked"])
    // An agent that says so is stamped there, too.
    #expect(
      git.run(["commit", "-q", "--allow-empty", "-m", "its own"], as: "company-agent", attended: true).status == 0)
    #expect(git.trailer("Orch-Task") == "t-one")
    git.expect([git.oid(): "linked"])
  }

  @Test func `two agents in two work trees are two`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.orch("add", "Another", "--id", "t-two")
    let second = git.home.path + "/second tree"
    git.git("worktree", "add", "-q", "-b", "second", second)
    git.orch("claim", "t-two", as: "home-agent", in: second)
    let one = git.commit("feat: one")
    let two = git.commit("feat: two", in: second)
    #expect(git.trailer("Author", one) == "company-agent" && git.trailer("Author", two) == "home-agent")
    git.expect([base: "linked", one: "linked"])
    git.expect([two: "linked"], of: "t-two")
  }

  @Test func `an agent without a lease here`() {
    let git = GitScratch(agent: nil)
    let outcome = git.run(["commit", "-q", "--allow-empty", "-m", "feat: x"], as: "company-agent")
    #expect(
      outcome.status == 0 && outcome.stderr == "orch: company-agent holds no task here; hint: orch add TITLE --claim\n")
    #expect(
      git.git("log", "-1", "--format=%s") == "feat: x (company-agent)" && git.trailer("Author") == "company-agent")
    #expect(git.trailer("Orch-Task").isEmpty && git.trace("commit:HEAD") == [git.oid(): "untracked"])
    // Its only lease is elsewhere.
    git.orch("claim", "t-one", as: "company-agent", in: git.home.directory("elsewhere"))
    git.git("commit", "-q", "--allow-empty", "-m", "feat: y", as: "company-agent")
    #expect(git.trailer("Orch-Task") == "t-one")
    // Nobody is named, and the lease is not of this work tree.
    git.git("commit", "-q", "--allow-empty", "-m", "plain")
    #expect(git.message().hasPrefix("plain") && git.trailer("Author").isEmpty)
    git.expect([git.oid("HEAD^"): "linked"])
  }

  @Test func `a work tree that was given back is nobody's`() {
    let git = GitScratch()
    git.commit("feat: one")
    git.orch("release", "done", as: "company-agent")
    git.git("commit", "-q", "--allow-empty", "-m", "nightly build")
    #expect(git.trailer("Author").isEmpty && git.git("log", "-1", "--format=%s") == "nightly build")
    // Two agents at once: which of them is not for us to say.
    git.orch("add", "a", "--id", "t-a")
    git.orch("add", "b", "--id", "t-b")
    git.orch("claim", "t-a", as: "ann")
    git.orch("claim", "t-b", as: "bob")
    git.git("commit", "-q", "--allow-empty", "-m", "whose")
    #expect(git.trailer("Author").isEmpty)
    git.git("commit", "-q", "--allow-empty", "-m", "mine", as: "bob")
    #expect(git.trailer("Orch-Task") == "t-b")
  }

  /// company-agent has held the task in the work tree, and home-agent has it now, elsewhere.
  private func overtaken(_ enforce: String?) -> GitScratch {
    let git = GitScratch(agent: nil)
    if let enforce { git.git("config", "orch.enforce", enforce) }
    git.git("init", "-q", "--bare", git.home.path + "/remote.git")
    git.git("remote", "add", "origin", git.home.path + "/remote.git")
    git.orch("claim", "t-one", as: "company-agent")
    git.commit("feat: in time", as: "company-agent")
    git.git("push", "-q", "origin", "main", as: "company-agent")
    git.orch("recover", "t-one", "--force", "-m", "the machine is lost", as: "watchdog")
    git.orch("claim", "t-one", as: "home-agent", in: git.home.directory("home"))
    return git
  }

  @Test func `off is silent`() {
    let git = overtaken("off")
    let outcome = git.run(["commit", "-q", "--allow-empty", "-m", "late"], as: "company-agent")
    #expect(outcome.status == 0 && outcome.stderr == "", "\(outcome.stderr)")
    #expect(git.run(["push", "-q", "origin", "main"], as: "company-agent").status == 0)
  }

  @Test(arguments: [nil, "company-agent"]) func `warn says so, marks it and keeps it from being pushed`(agent: String?)
  {
    let git = overtaken(nil)
    let first = git.oid()
    let outcome = git.run(["commit", "-q", "--allow-empty", "-m", "late"], as: agent)
    #expect(
      outcome.status == 0 && outcome.stderr.contains("the lease on t-one is lost: taken over by home-agent at"),
      "\(outcome.stderr)")
    #expect(
      outcome.stderr.split(separator: "\n").count == 1 && outcome.stderr.contains("do not push"), "\(outcome.stderr)")
    git.expect([first: "linked", git.oid(): "linked, superseded"])
    let quiet = git.run(["commit", "-q", "--allow-empty", "--no-verify", "--amend", "--no-edit"], as: agent)
    #expect(quiet.status == 0 && quiet.stderr.contains("do not push"), "\(quiet.stderr)")
    let push = git.run(["push", "origin", "main"], as: agent)
    #expect(push.status != 0 && push.stderr.contains("do not push"), "\(push.stderr)")
    #expect(git.git("rev-parse", "main", in: git.home.path + "/remote.git") == first)
    // The present holder may.
    #expect(git.run(["push", "-q", "origin", "main"], as: "home-agent").status == 0)
  }

  @Test func `a late commit that no hook could mark marks itself`() throws {
    let git = overtaken(nil)
    let first = git.oid()
    let lock = try SQLFile(git.home.database)
    try lock.run("BEGIN IMMEDIATE")
    git.git("commit", "-q", "--allow-empty", "-m", "late", as: "company-agent")
    try lock.run("ROLLBACK")
    let late = git.oid()
    // What was made in time is so wherever it is put.
    let copy = git.git("commit-tree", "HEAD^{tree}", "-p", late, "-m", git.message(first))
    git.git("update-ref", "HEAD", copy)
    git.expect([first: "linked", late: "linked, superseded", copy: "linked"])
  }

  @Test func `a language that is wrong, or lease files that cannot be read, let nothing through under strict`() throws {
    let git = overtaken("strict")
    let before = git.oid()
    let late = ["commit", "-q", "--allow-empty", "-m", "late"]
    for environment in [["ORCH_LANG": "xx"], ["ORCH_LANG": ""], ["ORCH_LANG": "ko"]] {
      #expect(git.run(late, as: "company-agent", environment: environment).status == 1, "\(environment)")
      #expect(git.run(["push", "-q", "origin", "main"], as: "company-agent", environment: environment).status != 0)
    }
    let templates = git.home.directory(".config/orch/templates")
    Files.makePipe(templates + "/text.ja.txt")
    #expect(git.run(late, as: "company-agent", environment: ["LANG": "ja_JP.UTF-8"]).status == 1)
    Files.remove(git.home.leases)
    _ = git.home.file("state/data/leases", "no directory")
    let outcome = git.run(late, as: "company-agent")
    #expect(outcome.status == 1 && outcome.stderr.contains("cannot read the lease files"), "\(outcome.stderr)")
    #expect(git.run(["push", "-q", "origin", "main"], as: "company-agent").status != 0)
    #expect(git.oid() == before)
    // Where it only warns, the commit is made and stamped as ever.
    git.git("config", "orch.enforce", "warn")
    #expect(git.run(late, as: "company-agent").status == 0)
    #expect(git.trailer("Author") == "company-agent")
  }

  @Test func `strict refuses, also where commit-msg is not asked`() {
    let git = overtaken("strict")
    let before = git.oid()
    for words in [
      ["-m", "late"], ["-m", "late", "--no-verify"], [], ["--no-verify"], ["--amend", "--no-edit", "--no-verify"]
    ] {
      let outcome = git.run(
        ["commit", "-q", "--allow-empty"] + words, as: "company-agent", environment: git.editor(#"echo late > "$1""#))
      #expect(
        outcome.status == 1 && outcome.stderr.contains("orch: the lease on t-one is lost"),
        "\(words): \(outcome.stderr)")
      #expect(git.oid() == before, "\(words)")
    }
    git.git("commit", "-q", "--allow-empty", "-m", "not mine", as: "home-agent")
    #expect(git.run(["push", "-q", "origin", "main"], as: "company-agent").status != 0)
    #expect(git.run(["push", "-q", "origin", "main"], as: "home-agent").status == 0)
    git.expect([before: "linked", git.oid(): "linked"])
  }
}
