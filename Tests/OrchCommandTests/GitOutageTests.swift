import OrchCore
import OrchTestSupport
import Testing

/// A database that is not to be had: a commit is made all the same, and the log hears of it later.
@Suite("Commits without the database")
struct GitOutageTests {
  /// Runs git while somebody else writes.
  ///
  /// - Parameter wholly: nobody can read either.
  private func locked(_ git: GitScratch, wholly: Bool = false, _ words: String...) throws -> CommandOutcome {
    let lock = try SQLFile(git.home.database)
    if wholly { try lock.run("PRAGMA locking_mode = EXCLUSIVE") }
    try lock.run("BEGIN IMMEDIATE")
    defer { try? lock.run("ROLLBACK") }
    return git.run(words, as: "company-agent")
  }

  @Test func `locked, it is linked by the next hook or the next scan`() throws {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.orch("link", "--scan")
    let outcome = try locked(git, "commit", "-q", "--allow-empty", "-m", "feat: one")
    #expect(outcome.status == 0, "\(outcome.stderr)")
    #expect(outcome.stderr.split(separator: "\n").allSatisfy { $0.hasPrefix("orch: ") }, "\(outcome.stderr)")
    let one = git.oid()
    #expect(git.git("log", "-1", "--format=%s").hasPrefix("feat: one"))
    let two = git.commit("feat: two")
    // What was made under the lock may be stamped, as reading goes on; or not, and then it is nobody's.
    let stamped = git.trailer("Orch-Task", one) == "t-one"
    git.expect([base: "linked", two: "linked"].merging(stamped ? [one: "linked"] : [:]) { $1 }, scan: false)
    git.expect([base: "linked", two: "linked"].merging(stamped ? [one: "linked"] : [:]) { $1 })
  }

  @Test func `a rewrite meanwhile is followed later`() throws {
    let git = GitScratch()
    let base = git.commit("chore: base")
    let (a, b) = (git.commit("feat: a"), git.commit("feat: b"))
    git.orch("link", "--scan")
    let amend = try locked(git, "commit", "-q", "--amend", "-m", "said otherwise", "--allow-empty")
    #expect(amend.status == 0, "\(amend.stderr)")
    let newB = git.oid()
    let rebase = try locked(git, "rebase", "-q", "-f", base)
    #expect(rebase.status == 0, "\(rebase.stderr)")
    let (lastA, lastB) = (git.oid("HEAD^"), git.oid())
    git.orch("link", "--scan")
    let states = git.trace()
    #expect(states[base] == "linked" && states[a] == "rewritten → \(lastA)" && states[b] == "rewritten → \(lastB)")
    #expect(states[lastA] == "linked" && states[lastB] == "linked" && states[newB] != "linked", "\(states)")
    git.orch("verify")
  }

  @Test func `strict does not let through what it cannot look at`() throws {
    let git = GitScratch()
    git.git("config", "orch.enforce", "strict")
    let outcome = try locked(git, wholly: true, "commit", "-q", "--allow-empty", "-m", "feat: one")
    #expect(outcome.status == 1 && outcome.stderr.contains("orch.enforce is strict"), "\(outcome.stderr)")
    #expect(git.run(["rev-parse", "-q", "--verify", "HEAD"]).status != 0)
    // What can be read can be looked at, while somebody else writes.
    let second = try locked(git, "commit", "-q", "--allow-empty", "-m", "feat: two")
    #expect(second.status == 0, "\(second.stderr)")
    git.expect([git.oid(): "linked"])
  }

  /// The message is read from a pipe that nobody writes to.
  @Test(arguments: [("warn", 0), ("strict", 1)]) func `no answer in time is one under strict`(
    enforce: String, status: Int32
  ) {
    let git = GitScratch()
    git.git("config", "orch.enforce", enforce)
    let pipe = git.home.path + "/message"
    Files.makePipe(pipe)
    let outcome = git.home.orch("hooks", "run", "commit-msg", pipe, in: git.path)
    #expect(outcome.status == status, "\(outcome.stderr)")
    #expect((status == 0) == outcome.stderr.isEmpty && (status == 0 || outcome.stderr.contains("within 3 s")))
  }

  @Test func `unreadable, it is let go, and linked when somebody looks`() throws {
    let git = GitScratch()
    let base = git.commit("chore: base")
    let outcome = try locked(git, wholly: true, "commit", "-q", "--allow-empty", "-m", "feat: one")
    #expect(outcome.status == 0, "\(outcome.stderr)")
    git.expect([base: "linked"])
    #expect(git.trace("commit:HEAD") == [git.oid(): "untracked"])
  }

  @Test(arguments: ["warn", "strict"]) func `absent, it is nobody's business`(enforce: String) throws {
    let git = GitScratch()
    git.git("config", "orch.enforce", enforce)
    Files.remove(git.home.path + "/state")
    let outcome = git.run(["commit", "-q", "--allow-empty", "-m", "plain"], as: "company-agent")
    #expect(outcome.status == 0 && outcome.stderr == "", "\(outcome.stderr)")
    #expect(!Files.exists(git.home.database))
    #expect(git.message().hasPrefix("plain") && git.trailer("Author").isEmpty)
  }

  @Test func `broken, it says so and lets go on`() throws {
    let git = GitScratch()
    Files.remove(git.home.path + "/state/data")
    Files.makeDirectory(git.home.path + "/state/data")
    try Files.write(String(repeating: "garbage ", count: 4000), to: git.home.database)
    let outcome = git.run(["commit", "-q", "--allow-empty", "-m", "plain"], as: "company-agent")
    #expect(
      outcome.status == 0 && outcome.stderr.hasPrefix("orch: ") && git.message().hasPrefix("plain"), "\(outcome.stderr)"
    )
    git.git("config", "orch.enforce", "strict")
    let strict = git.run(["commit", "-q", "--allow-empty", "-m", "no"], as: "company-agent")
    #expect(strict.status == 1 && strict.stderr.contains("orch.enforce is strict"), "\(strict.stderr)")
  }

  /// A process that took the pending rewrites was killed before it had recorded them.
  @Test func `what a killed process had taken is handled by the next one`() throws {
    let git = GitScratch()
    let old = git.commit("feat: one")
    git.orch("hooks", "uninstall")
    git.write("other", "another change\n")
    git.git("add", "-A")
    git.git("commit", "-q", "--amend", "--no-edit")
    let new = git.oid()
    // No process has this number: it is beyond the most that Linux gives out.
    try Files.write(Array("amend \(old) \(new)\n".utf8), to: git.path + "/.git/orch/rewritten.4194999.taken")
    git.expect([old: "rewritten → \(new)", new: "linked"])
    #expect((try? Files.read(git.path + "/.git/orch/rewritten.4194999.taken")) == nil)
  }
}
