import OrchCore
import OrchTestSupport
import Testing

@Suite("Rewrites by git")
struct GitRewriteTests {
  /// `main` with three commits of the task on a base; their names.
  private func three(_ git: GitScratch) -> (base: String, oids: [String]) {
    let base = git.commit("chore: base")
    return (base, ["feat: a", "feat: b", "feat: c"].map { git.commit($0) })
  }

  private func todo(_ git: GitScratch, _ sed: String, message: String? = nil) -> [String: String] {
    var environment = git.editor(message.map { "printf '\($0)\\n' > \"$1\"" } ?? "true")
    environment["GIT_SEQUENCE_EDITOR"] = git.editor("sed -i -e '\(sed)' \"$1\"")["GIT_EDITOR"]
    return environment
  }

  @Test func `amended again and again, a commit is its last self`() {
    let git = GitScratch()
    let first = git.commit("feat: a")
    git.git("commit", "-q", "--amend", "-m", "feat: better")
    let second = git.oid()
    #expect(git.trailer("Orch-Task") == "t-one")
    git.expect([first: "rewritten → \(second)", second: "linked"])
    git.write("more", "more")
    git.git("add", "-A")
    git.git("commit", "-q", "--amend", "--no-edit")
    let third = git.oid()
    git.git("commit", "-q", "--amend", environment: git.editor("sed -i -e '1s/better/best/' \"$1\""))
    let fourth = git.oid()
    #expect(git.git("log", "-1", "--format=%s") == "feat: best (company-agent)")
    let states = [
      first: "rewritten → \(second)", second: "rewritten → \(third)", third: "rewritten → \(fourth)", fourth: "linked"
    ]
    git.expect(states, scan: false)
    git.expect(states)
  }

  @Test(arguments: [true, false]) func `an amendment that is undone never happened`(changesFiles: Bool) {
    let git = GitScratch()
    git.commit("chore: base")
    git.orch("link", "--scan")
    let first = git.commit("feat: a")
    if changesFiles {
      git.write("more", "more")
      git.git("add", "-A")
    }
    git.git("commit", "-q", "--amend", "-m", "feat: worse")
    let second = git.oid()
    git.git("reset", "-q", "--hard", first)
    git.expect([
      git.oid("HEAD^"): "linked", first: "linked", second: changesFiles ? "unresolved" : "rewritten → \(first)"
    ])
    // And made again after all.
    git.git("reset", "-q", "--hard", second)
    git.expect([
      git.oid("HEAD^"): "linked", second: "linked", first: changesFiles ? "unresolved" : "rewritten → \(second)"
    ])
  }

  @Test(arguments: [true, false]) func `what is reset and committed again is another commit`(scanned: Bool) {
    let git = GitScratch()
    let base = git.commit("chore: base")
    if scanned { git.orch("link", "--scan") }
    let first = git.commit("feat: a")
    git.git("reset", "-q", "--soft", "HEAD^")
    git.git("commit", "-q", "-m", "feat: again", environment: ["GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z"])
    // The same change by the same author, and nothing else that it could be.
    git.expect([base: "linked", first: "rewritten → \(git.oid())", git.oid(): "linked"])
    git.git("reset", "-q", "--soft", "HEAD^")
    let second = git.oid("ORIG_HEAD")
    git.write("more", "more")
    git.git("add", "-A")
    git.git("commit", "-q", "-m", "feat: more", environment: ["GIT_AUTHOR_DATE": "2026-01-02T00:00:00Z"])
    git.expect([base: "linked", first: "rewritten → \(second)", second: "unresolved", git.oid(): "linked"])
  }

  @Test func `what is reset before any scan is not linked any more`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    let first = git.commit("feat: a")
    git.git("reset", "-q", "--hard", base)
    git.expect([base: "linked", first: "unresolved"])
    git.git("reset", "-q", "--hard", first)
    git.expect([base: "linked", first: "linked"])
  }

  @Test(.eachEngine) func `a picked commit is the task's too`() {
    let git = GitScratch()
    let base = git.commit("chore: base", file: "f", text: "0")
    git.git("checkout", "-q", "-b", "topic")
    let one = git.commit("feat: a", file: "f", text: "1")
    let two = git.commit("feat: b", file: "g", text: "2")
    git.git("checkout", "-q", "main")
    let main = git.commit("feat: main", file: "f", text: "main")
    git.git("cherry-pick", two)
    let picked = git.oid()
    #expect(git.message() == git.message(two))
    let conflict = git.run(["cherry-pick", "-x", one])
    #expect(conflict.status == 1)
    git.write("f", "both\n")
    git.git("add", "f")
    git.git("cherry-pick", "--continue", environment: ["GIT_EDITOR": "true"])
    let resolved = git.oid()
    #expect(git.trailer("Orch-Task", resolved) == "t-one")
    let all = [base, one, two, main, picked, resolved]
    git.expect(Dictionary(uniqueKeysWithValues: all.map { ($0, "linked") }))
    git.git("branch", "-q", "-D", "topic")
    git.expect([
      base: "linked", main: "linked", picked: "linked", resolved: "linked", one: "unresolved",
      two: "rewritten → \(picked)"
    ])
  }

  @Test func `a pick that is aborted was none`() {
    let git = GitScratch()
    let base = git.commit("chore: base", file: "f", text: "0")
    git.git("checkout", "-q", "-b", "topic")
    let (one, two) = (git.commit("feat: a", file: "g", text: "1"), git.commit("feat: b", file: "f", text: "2"))
    git.git("checkout", "-q", "main")
    let main = git.commit("feat: main", file: "f", text: "main")
    git.orch("link", "--scan")
    #expect(git.run(["cherry-pick", one, two]).status == 1)
    let picked = git.oid()
    git.git("cherry-pick", "--abort")
    let states = [base: "linked", one: "linked", two: "linked", main: "linked"]
    git.expect(states.merging([picked: "unresolved"]) { $1 }, scan: false)
    git.expect(states.merging([picked: "rewritten → \(one)"]) { $1 })
  }

  @Test func `applied, reverted and applied again, the change is three commits`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    let one = git.commit("feat: a")
    git.git("revert", "--no-edit", one)
    let revert = git.oid()
    #expect(git.trailer("Orch-Task").isEmpty, "\(git.message())")
    git.git("cherry-pick", one)
    let again = git.oid()
    git.expect([base: "linked", one: "linked", again: "linked"])
    #expect(git.trace("commit:\(revert)") == [revert: "untracked"])
    git.git("revert", "--no-edit", again)
    git.git("revert", "--no-edit", "HEAD")
    git.expect([base: "linked", one: "linked", again: "linked"])
  }

  @Test(arguments: ["--merge", "--apply"]) func `a rebase is followed`(backend: String) {
    let git = GitScratch()
    let (base, old) = three(git)
    git.git("checkout", "-q", "-b", "other", base)
    let other = git.commit("feat: other")
    git.git("checkout", "-q", "main")
    git.git("rebase", "-q", backend, "other")
    let new = [git.oid("HEAD~2"), git.oid("HEAD^"), git.oid()]
    var states = [base: "linked", other: "linked"]
    for (old, new) in zip(old, new) { (states[old], states[new]) = ("rewritten → \(new)", "linked") }
    git.expect(states)
    git.git("rebase", "-q", backend, "--onto", base, "HEAD^")
    states[new[2]] = "rewritten → \(git.oid())"
    states[git.oid()] = "linked"
    for lost in new.prefix(2) { states[lost] = "unresolved" }
    git.expect(states)
  }

  @Test func `reordered, dropped and reworded`() {
    let git = GitScratch()
    let (base, old) = three(git)
    git.git("rebase", "-q", "-i", base, environment: todo(git, "1{h;d};2{G}", message: "x"))
    let (b, a, c) = (git.oid("HEAD~2"), git.oid("HEAD^"), git.oid())
    var states = [
      base: "linked", old[0]: "rewritten → \(a)", old[1]: "rewritten → \(b)", old[2]: "rewritten → \(c)", a: "linked",
      b: "linked", c: "linked"
    ]
    git.expect(states)
    git.git(
      "rebase", "-q", "-i", base, environment: todo(git, "1s/pick/drop/;3s/pick/reword/", message: "feat: said better"))
    states[b] = "unresolved"
    states[a] = "rewritten → \(git.oid("HEAD^"))"
    states[c] = "rewritten → \(git.oid())"
    states[git.oid("HEAD^")] = "linked"
    states[git.oid()] = "linked"
    git.expect(states)
  }

  @Test(.eachEngine, arguments: ["squash", "fixup"]) func `three into one`(verb: String) {
    let git = GitScratch()
    let (base, old) = three(git)
    git.git("rebase", "-q", "-i", base, environment: todo(git, "2,3s/pick/\(verb)/"))
    let one = git.oid()
    #expect(git.oid("HEAD^") == base)
    var states = [base: "linked", one: "linked"]
    for old in old { states[old] = "rewritten → \(one)" }
    git.expect(states)
  }

  @Test func `what is amended in a break of a rebase is followed`() {
    let git = GitScratch()
    let (base, old) = three(git)
    git.git(
      "rebase", "-q", "-i", "--force-rebase", base,
      environment: todo(git, "1s/feat/better/;1s/pick/reword/;1a break", message: "feat: better"))
    git.write("more", "more")
    git.git("add", "-A")
    git.git("commit", "-q", "--amend", "--no-edit")
    let amended = git.oid()
    git.git("rebase", "--continue")
    git.orch("link", "--scan")
    let states = git.trace()
    #expect(git.oid("HEAD~2") == amended)
    #expect(
      [base, amended, git.oid("HEAD^"), git.oid()].allSatisfy { states[$0] == "linked" }
        && states.values.count { $0 == "linked" } == 4)
    #expect(states[old[0]].map { $0.hasPrefix("rewritten") } == true)
    git.git("reset", "-q", "--hard", old[2])
    git.orch("link", "--scan")
    let undone = git.trace()
    #expect(
      ([base] + old).allSatisfy { undone[$0] == "linked" } && undone.values.count { $0 == "linked" } == 4, "\(undone)")
  }

  @Test func `one into two`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.write("x", "x")
    let one = git.commit("feat: both", file: "y", text: "y")
    let after = git.commit("feat: after")
    let stopped = git.run(["rebase", "-q", "-i", base], environment: todo(git, "1s/pick/edit/"))
    #expect(stopped.status == 0, "\(stopped.stderr)")
    git.git("reset", "-q", "HEAD^")
    git.git("add", "x")
    git.git("commit", "-q", "-m", "feat: x")
    let x = git.oid()
    git.git("add", "-A")
    git.git("commit", "-q", "-m", "feat: y")
    let y = git.oid()
    git.git("rebase", "--continue")
    let states = [
      base: "linked", one: "rewritten → \(y)", y: "linked", after: "rewritten → \(git.oid())", git.oid(): "linked"
    ]
    git.expect(states)
    #expect(git.trace("commit:\(x)") == [x: "untracked"])
  }

  @Test(arguments: [true, false]) func `a rebase that is aborted leaves all as it was`(scanned: Bool) {
    let git = GitScratch()
    let base = git.commit("chore: base", file: "f", text: "0")
    let a = git.commit("feat: a", file: "g", text: "a")
    let b = git.commit("feat: b", file: "f", text: "b")
    git.git("checkout", "-q", "-b", "other", base)
    let other = git.commit("feat: other", file: "f", text: "other")
    git.git("checkout", "-q", "main")
    if scanned { git.orch("link", "--scan") }
    #expect(git.run(["rebase", "-q", "other"]).status == 1)
    let half = git.oid()
    git.git("rebase", "--abort")
    git.expect([base: "linked", a: "linked", b: "linked", other: "linked"])
    #expect(git.trace("commit:\(half)") == [half: "linked"] || half == other)
    // Stopped again, and continued.
    #expect(git.run(["rebase", "-q", "other"]).status == 1)
    git.write("f", "both\n")
    git.git("add", "f")
    git.git("rebase", "--continue", environment: ["GIT_EDITOR": "true"])
    var states = [base: "linked", other: "linked"]
    (states[a], states[b]) = ("rewritten → \(git.oid("HEAD^"))", "rewritten → \(git.oid())")
    (states[git.oid("HEAD^")], states[git.oid()]) = ("linked", "linked")
    git.expect(states)
  }
}
