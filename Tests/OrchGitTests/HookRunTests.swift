import OrchGit
import OrchTestSupport
import Testing

/// What git runs, with which arguments and which standard input.
@Suite("Hooks: what runs")
struct HookRunTests {
  private func installed(orchIn folder: String = "bin") throws -> HookScratch {
    let scratch = try HookScratch(orchIn: folder)
    _ = try scratch.installation().install()
    return scratch
  }

  private let message = ".git/COMMIT_EDITMSG"

  @Test func `a fresh installation makes every hook, and a commit runs three`() throws {
    let scratch = try HookScratch()
    Files.remove(scratch.hook(""))
    let changes = try scratch.installation().install()
    #expect(changes.map { $0.kind } == HookName.allCases.map { _ in .created })
    #expect(Files.names(in: scratch.hook("")) == HookName.allCases.map { $0.rawValue }.sorted())
    for name in HookName.allCases { #expect(Files.mode(scratch.hook(name.rawValue)) == 0o755) }
    let outcome = try scratch.commit("second")
    #expect(outcome.status == 0 && outcome.stdout == "" && outcome.stderr == "")
    #expect(
      scratch.calls() == ["prepare-commit-msg [\(message)] [message]", "commit-msg [\(message)]", "post-commit"])
  }

  @Test func `commits in an editor, with a template, of an amendment, unverified`() throws {
    let scratch = try installed()
    scratch.environment["GIT_EDITOR"] = "echo text >>"
    try scratch.commit("editor", "--allow-empty-message")
    #expect(scratch.calls() == ["prepare-commit-msg [\(message)]", "commit-msg [\(message)]", "post-commit"])
    try Files.write("a template\n", to: scratch.root + "/template")
    scratch.git("config", "commit.template", scratch.root + "/template")
    try scratch.commit("templated", "--cleanup=strip")
    #expect(scratch.calls() == ["prepare-commit-msg [\(message)] [template]", "commit-msg [\(message)]", "post-commit"])
    let old = scratch.head
    scratch.git("commit", "-q", "--amend", "--no-edit")
    #expect(
      scratch.calls() == [
        "prepare-commit-msg [\(message)] [commit] [HEAD]", "commit-msg [\(message)]", "post-commit",
        "post-rewrite [amend]", "  < \(old) \(scratch.head)"
      ])
    try scratch.commit("unverified", "-m", "unverified", "--no-verify")
    #expect(scratch.calls() == ["prepare-commit-msg [\(message)] [message]", "post-commit"])
  }

  @Test func `merges, picks, reverts, rebases`() throws {
    let scratch = try installed()
    scratch.git("checkout", "-q", "-b", "side")
    try scratch.commit("side")
    scratch.git("checkout", "-q", "main")
    try scratch.commit("main")
    _ = scratch.calls()
    scratch.git("merge", "-q", "--no-ff", "--no-edit", "side")
    #expect(
      scratch.calls() == [
        "prepare-commit-msg [.git/MERGE_MSG] [merge]", "commit-msg [.git/MERGE_MSG]", "post-merge [0]"
      ])
    scratch.git("reset", "-q", "--hard", "HEAD^")
    scratch.git("cherry-pick", "side")
    #expect(scratch.calls().contains { $0.hasPrefix("prepare-commit-msg [") && $0.hasSuffix("[message]") })
    scratch.git("revert", "--no-edit", "HEAD")
    #expect(scratch.calls().contains("post-commit"))
    scratch.git("checkout", "-q", "-b", "moved", "side")
    let old = scratch.head
    try scratch.commit("last")
    _ = scratch.calls()
    scratch.git("rebase", "-q", "--onto", "main", "side")
    let calls = scratch.calls()
    #expect(calls.contains("post-rewrite [rebase]") && calls.contains("post-commit"))
    #expect(calls.last?.hasSuffix(" " + scratch.head) == true && calls.last?.contains(old) == false)
    scratch.git("merge", "--squash", "side~1")
    #expect(scratch.calls().allSatisfy { !$0.hasPrefix("commit-msg") })
  }

  @Test func `applied patches, pushes`() throws {
    let scratch = try installed()
    try scratch.commit("patch")
    scratch.git("format-patch", "-q", "-1", "-o", scratch.root + "/patches")
    scratch.git("reset", "-q", "--hard", "HEAD^")
    _ = scratch.calls()
    scratch.git("am", "-q", scratch.root + "/patches/0001-patch.patch")
    #expect(scratch.calls() == ["post-applypatch"])
    scratch.addRemote()
    let none = String(repeating: "0", count: 40)
    #expect(scratch.git("push", "-q", "origin", "main").status == 0)
    #expect(
      scratch.calls() == [
        "pre-push [origin] [\(scratch.root)/bare]", "  < refs/heads/main \(scratch.head) refs/heads/main \(none)"
      ])
    // Nothing to push: no line, and not an empty one either.
    #expect(scratch.git("push", "-q", "origin", "main").status == 0)
    #expect(scratch.calls() == ["pre-push [origin] [\(scratch.root)/bare]"])
  }

  @Test func `status 1 refuses`() throws {
    let scratch = try installed()
    scratch.addRemote()
    try scratch.setStatus(1)
    let head = scratch.head
    #expect(try scratch.commit("refused").status == 1)
    #expect(scratch.head == head)
    #expect(scratch.git("push", "-q", "origin", "main").status != 0)
    #expect(scratch.git("ls-remote", "origin").lines.isEmpty)
  }

  @Test(arguments: [2, 4, 70, 124, 126, 127, 255])
  func `every other status lets it go on`(status: Int) throws {
    let scratch = try installed()
    scratch.addRemote()
    try scratch.setStatus(status)
    #expect(try scratch.commit("let-through").status == 0)
    #expect(scratch.git("push", "-q", "origin", "main").status == 0)
    #expect(scratch.calls().count == 5)
  }

  @Test func `a program that is gone is looked for in the path, and not missed`() throws {
    let scratch = try installed()
    Files.makeDirectory(scratch.root + "/moved")
    try Files.copy(scratch.orch, to: scratch.root + "/moved/orch")
    Files.setMode(scratch.root + "/moved/orch", 0o755)
    Files.remove(scratch.orch)
    let outcome = try scratch.commit("without")
    #expect(outcome.status == 0 && outcome.stderr == "")
    Files.makeDirectory(scratch.orch)
    #expect(try scratch.commit("a-directory").stderr == "")
    #expect(!Files.exists(scratch.root + "/moved/calls"))
    scratch.environment["PATH"] = "/usr/bin:/bin:\(scratch.root)/moved"
    #expect(try scratch.commit("elsewhere").status == 0)
    #expect(Files.exists(scratch.root + "/moved/calls"))
  }

  @Test(arguments: [
    "with spaces", "it's", "two\nlines", "$HOME `id` $(id)", "back\\slash\\", "\"quoted\"", "*", "-n", "@HOOK@ @ORCH@",
    "한글", "a'\n'b", "# <<< orch", "trailing\n"
  ])
  func `the program may lie anywhere`(folder: String) throws {
    let scratch = try installed(orchIn: folder)
    let outcome = try scratch.commit("second")
    #expect(outcome.status == 0 && outcome.stderr == "")
    #expect(scratch.calls().count == 3)
    #expect(try scratch.installation().install().isEmpty)
  }

  @Test func `a path that is none, or would end the section, is refused`() throws {
    let scratch = try HookScratch()
    #expect(throws: GitError.self) { try scratch.installation(orch: "orch") }
    #expect(throws: GitError.self) { try scratch.installation(orch: "/a\n# <<< orch <<<\nb") }
    #expect(throws: GitError.self) { try scratch.installation(orch: "/a\n# <<< orch <<<\r\nb") }
    #expect(throws: GitError.self) { try ConfiguredHooks.entries(orch: "bin/orch") }
  }

  @Test func `linked work trees have the hooks of the repository`() throws {
    let scratch = try installed()
    let linked = scratch.root + "/linked"
    scratch.git("worktree", "add", "-q", linked, "-b", "linked")
    _ = scratch.calls()
    try scratch.commit("there", in: linked)
    #expect(scratch.calls().count == 3)
    let directory = HookDirectory(hooksPath: nil, commonDirectory: scratch.tree + "/.git/", workTree: linked)
    #expect(try scratch.installation(directory).install().isEmpty)
  }
}
