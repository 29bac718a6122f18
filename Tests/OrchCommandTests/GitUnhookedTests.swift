import OrchCore
import OrchTestSupport
import Testing

/// Rewrites that no hook hears of: a scan finds them, or says that it does not know.
@Suite("Rewrites without hooks")
struct GitUnhookedTests {
  @Test func `mailed and applied`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.git("checkout", "-q", "-b", "topic")
    let (a, b) = (git.commit("feat: a"), git.commit("feat: b"))
    let patches = git.home.directory("patches")
    git.git("format-patch", "-q", "-o", patches, "main")
    git.git("checkout", "-q", "main")
    let main = git.commit("feat: main")
    git.git(
      "am", "-q", "--", patches + "/0001-feat-a-company-agent.patch", patches + "/0002-feat-b-company-agent.patch")
    let (newA, newB) = (git.oid("HEAD^"), git.oid())
    #expect(git.message(newA) == git.message(a))
    git.expect([base: "linked", a: "linked", b: "linked", main: "linked", newA: "linked", newB: "linked"])
    git.git("branch", "-q", "-D", "topic")
    git.expect([
      base: "linked", a: "rewritten → \(newA)", b: "rewritten → \(newB)", main: "linked", newA: "linked", newB: "linked"
    ])
  }

  @Test func `commit-tree and fast-import`() {
    let git = GitScratch()
    let base = git.commit("feat: base")
    let tree = git.git("rev-parse", "HEAD^{tree}")
    let copy = git.git("commit-tree", tree, "-p", base, "-m", git.message())
    let plain = git.git("commit-tree", tree, "-p", copy, "-m", "plain")
    git.git("update-ref", "refs/heads/made", plain)
    git.expect([base: "linked", copy: "linked"])
    #expect(git.trace("made") == [plain: "untracked"])
    let other = git.home.directory("other")
    git.git("init", "-q", in: other)
    let dump = git.home.path + "/dump"
    let moved = git.home.command([], in: git.path, environment: git.environment())
    for (directory, words) in [(git.path, "fast-export --all > \(dump)"), (other, "fast-import --quiet < \(dump)")] {
      var run = moved
      (run.program, run.directory) = ("/bin/sh", directory)
      run.arguments = ["-c", "git \(words)"].map { Array($0.utf8) }
      #expect(run.run().status == 0)
    }
    git.orch("link", "--scan", in: other)
    #expect(git.trace(in: other) == [base: "linked", copy: "linked"])
  }

  @Test func `a filter that removes the trailers`() {
    let git = GitScratch()
    let (a, b) = (git.commit("feat: a"), git.commit("feat: b"))
    git.orch("link", "--scan")
    let quiet = ["FILTER_BRANCH_SQUELCH_WARNING": "1"]
    git.git(
      "filter-branch", "-f", "--msg-filter", "sed -e '/^Orch-/d' -e '/^Author/d' -e '/^Source/d'", environment: quiet)
    let (newA, newB) = (git.oid("HEAD^"), git.oid())
    #expect(newA != a && git.trailer("Orch-Task").isEmpty)
    // git keeps the old ones for a while: they still stand.
    git.expect([a: "linked", b: "linked"])
    git.git("update-ref", "-d", "refs/original/refs/heads/main")
    git.expect([a: "rewritten → \(newA)", b: "rewritten → \(newB)", newA: "linked", newB: "linked"])
  }

  @Test func `a filter that changes the files`() {
    let git = GitScratch()
    let (a, b) = (git.commit("feat: a"), git.commit("feat: b"))
    git.orch("link", "--scan")
    git.git(
      "filter-branch", "-f", "--tree-filter", "echo more >> feata", environment: ["FILTER_BRANCH_SQUELCH_WARNING": "1"])
    git.git("update-ref", "-d", "refs/original/refs/heads/main")
    let (newA, newB) = (git.oid("HEAD^"), git.oid())
    // The second one changes the same as before; the trailers of both are still there.
    git.expect([a: "unresolved", b: "rewritten → \(newB)", newA: "linked", newB: "linked"])
  }

  @Test func `amended and rebased while the hooks were away`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    let (a, b) = (git.commit("feat: a"), git.commit("feat: b"))
    git.git("checkout", "-q", "-b", "other", base)
    let other = git.commit("feat: other")
    git.git("checkout", "-q", "main")
    git.orch("link", "--scan")
    git.orch("hooks", "uninstall")
    git.git("commit", "-q", "--amend", "-m", "said otherwise")
    git.git("rebase", "-q", "other")
    let (newA, newB) = (git.oid("HEAD^"), git.oid())
    git.expect([
      base: "linked", other: "linked", a: "rewritten → \(newA)", b: "rewritten → \(newB)", newA: "linked",
      newB: "linked"
    ])
    #expect(git.trace("commit:\(newB)")[newB] == "linked")
  }

  @Test func `a branch that only a remote still holds, until it goes there, too`() {
    let git = GitScratch()
    let remote = git.home.path + "/remote.git"
    git.git("init", "-q", "--bare", remote)
    git.git("remote", "add", "origin", remote)
    let base = git.commit("chore: base")
    git.git("checkout", "-q", "-b", "topic")
    let topic = git.commit("feat: topic")
    git.git("push", "-q", "origin", "topic")
    git.orch("link", "--scan")
    git.git("checkout", "-q", "main")
    git.git("branch", "-q", "-D", "topic")
    git.expect([base: "linked", topic: "linked"])
    git.git("push", "-q", "origin", ":topic")
    git.expect([base: "linked", topic: "unresolved"])
    git.git("update-ref", "refs/heads/topic", topic)
    git.expect([base: "linked", topic: "linked"])
  }

  @Test func `a head that is detached in another work tree is not lost`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.orch("link", "--scan")
    let second = git.home.path + "/second"
    git.git("worktree", "add", "-q", "--detach", second)
    let there = git.commit("feat: there", as: "company-agent", in: second)
    let here = git.commit("feat: here")
    git.expect([base: "linked", there: "linked", here: "linked"])
    git.git("checkout", "-q", "--detach")
    let loose = git.commit("feat: loose")
    let after = git.commit("feat: after", as: "company-agent", in: second)
    git.orch("link", "--scan", in: second)
    git.expect([base: "linked", there: "linked", here: "linked", loose: "linked", after: "linked"])
    git.git("worktree", "remove", second)
    git.expect([base: "linked", there: "unresolved", here: "linked", loose: "linked", after: "unresolved"])
  }

  @Test func `an old copy in another clone brings nothing back`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    let old = git.commit("feat: a")
    let clone = git.home.path + "/clone"
    git.git("clone", "-q", git.path, clone)
    git.write("more", "more")
    git.git("add", "-A")
    git.git("commit", "-q", "--amend", "--no-edit")
    let states = [base: "linked", old: "rewritten → \(git.oid())", git.oid(): "linked"]
    git.expect(states)
    git.orch("link", "--scan", in: clone)
    git.expect(states)
    git.git("fetch", "-q", in: clone)
    git.git("reset", "-q", "--hard", "origin/main", in: clone)
    git.orch("link", "--scan", in: clone)
    git.expect(states)
    #expect(git.trace(in: clone) == states)
  }

  @Test func `a link by hand goes and comes with its commit`() {
    let git = GitScratch(agent: nil)
    let base = git.commit("base")
    let plain = git.commit("plain")
    git.orch("link", "HEAD", "--task", "t-one")
    git.expect([plain: "linked"])
    git.git("commit", "-q", "--amend", "-m", "plainer")
    let plainer = git.oid()
    git.expect([plain: "rewritten → \(plainer)", plainer: "linked"])
    git.git("reset", "-q", "--hard", plain)
    git.expect([plain: "linked", plainer: "rewritten → \(plain)"])
    git.git("reset", "-q", "--hard", base)
    git.expect([plain: "unresolved", plainer: "rewritten → \(plain)"])
    git.git("reset", "-q", "--hard", plain)
    git.expect([plain: "linked", plainer: "rewritten → \(plain)"])
  }

  @Test func `two that could be it are none`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.git("checkout", "-q", "-b", "topic")
    let a = git.commit("feat: a")
    git.orch("link", "--scan")
    git.orch("hooks", "uninstall")
    let tree = git.git("rev-parse", "HEAD^{tree}")
    let date = ["GIT_AUTHOR_DATE": git.git("log", "-1", "--format=%ad", "--date=raw")]
    for name in ["one", "two"] {
      git.git(
        "update-ref", "refs/heads/\(name)", git.git("commit-tree", tree, "-p", base, "-m", name, environment: date))
    }
    git.git("checkout", "-q", "main")
    git.git("branch", "-q", "-D", "topic")
    git.expect([base: "linked", a: "unresolved"])
  }
}
