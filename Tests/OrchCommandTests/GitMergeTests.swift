import OrchCore
import OrchTestSupport
import Testing

@Suite("Merges by git")
struct GitMergeTests {
  @Test func `merges are nobody's, and lose nothing`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.git("checkout", "-q", "-b", "topic")
    let topic = git.commit("feat: topic")
    git.git("checkout", "-q", "main")
    let main = git.commit("feat: main")
    git.git("merge", "-q", "--no-ff", "topic")
    #expect(git.trailer("Orch-Task").isEmpty && git.git("log", "-1", "--format=%s") == "Merge branch 'topic'")
    #expect(git.trace("commit:HEAD") == [git.oid(): "untracked"])
    git.git("checkout", "-q", "topic")
    git.git("merge", "-q", "main")
    git.git("branch", "-q", "-D", "main")
    git.expect([base: "linked", topic: "linked", main: "linked"])
  }

  @Test func `a squash merge is a commit of its own, which the branch became when it is gone`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.git("checkout", "-q", "-b", "topic")
    let one = git.commit("feat: a", file: "f", text: "1")
    let two = git.commit("feat: b", file: "f", text: "2")
    git.git("checkout", "-q", "main")
    git.git("merge", "-q", "--squash", "topic")
    git.git("commit", "-q", "-m", "feat: all")
    let all = git.oid()
    git.expect([base: "linked", one: "linked", two: "linked", all: "linked"])
    git.git("branch", "-q", "-D", "topic")
    git.expect([base: "linked", one: "rewritten → \(all)", two: "rewritten → \(all)", all: "linked"])
  }

  @Test func `a squash that lost every trailer is found by the same change`() {
    let git = GitScratch()
    let base = git.commit("chore: base")
    git.git("checkout", "-q", "-b", "topic")
    let (one, two) = (git.commit("feat: a", file: "f", text: "1"), git.commit("feat: b", file: "g", text: "2"))
    git.orch("link", "--scan")
    git.git("checkout", "-q", "main")
    git.orch("hooks", "uninstall")
    git.git("merge", "-q", "--squash", "topic")
    git.git("commit", "-q", "-m", "All of it (#7)")
    let all = git.oid()
    git.git("branch", "-q", "-D", "topic")
    git.expect([base: "linked", one: "rewritten → \(all)", two: "rewritten → \(all)", all: "linked"])
  }

  @Test func `a forge's squash of two tasks is a commit of both`() {
    let git = GitScratch()
    git.orch("add", "Another", "--id", "t-two")
    let base = git.commit("chore: base")
    git.git("checkout", "-q", "-b", "topic")
    let one = git.commit("feat: a")
    let two = git.commit("feat: b")
    git.orch("release", "done", as: "company-agent")
    git.orch("claim", "t-two", as: "company-agent")
    let other = git.commit("feat: c")
    let messages = [one, two, other].map { "* " + git.message($0) }.joined(separator: "\n\n")
    git.git("checkout", "-q", "main")
    git.orch("hooks", "uninstall")
    git.git("merge", "-q", "--squash", "topic")
    git.git("commit", "-q", "-m", "Topic (#12)\n\n\(messages)")
    let all = git.oid()
    git.git("branch", "-q", "-D", "topic")
    git.expect([base: "linked", one: "rewritten → \(all)", two: "rewritten → \(all)", all: "linked"])
    git.expect([other: "rewritten → \(all)", all: "linked"], of: "t-two")
  }
}
