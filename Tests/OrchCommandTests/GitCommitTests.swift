import OrchCore
import OrchTestSupport
import Testing

@Suite("Commits by git")
struct GitCommitTests {
  private func expectStamped(_ git: GitScratch, subject: String, at place: SourceLocation = #_sourceLocation) {
    #expect(git.git("log", "-1", "--format=%s") == subject, sourceLocation: place)
    #expect(git.trailer("Author") == "company-agent", "\(git.message())", sourceLocation: place)
    #expect(git.trailer("Orch-Task") == "t-one", "\(git.message())", sourceLocation: place)
    #expect(git.trailer("Orch-Lease") == "t-one#1", "\(git.message())", sourceLocation: place)
    #expect(git.message().split(separator: "\n").count { $0.hasPrefix("Orch-Task:") } == 1, sourceLocation: place)
  }

  @Test(.eachEngine) func `a message given with -m or -F is stamped, and the commit linked at once`() {
    let git = GitScratch()
    let one = git.commit("feat: one")
    expectStamped(git, subject: "feat: one (company-agent)")
    git.write("b", "b")
    git.git("add", "b")
    git.git("commit", "-q", "-F", git.home.file("message", "fix: two\n\nWhy it is so.\n"))
    expectStamped(git, subject: "fix: two (company-agent)")
    git.git("commit", "-q", "--allow-empty", "--no-verify", "-s", "-m", "chore: three", "-m", "Reviewed-by: A <a@b.c>")
    expectStamped(git, subject: "chore: three (company-agent)")
    #expect(
      git.trailer("Signed-off-by") == "Carl Committer <carl@example.org>" && git.trailer("Reviewed-by") == "A <a@b.c>")
    let all = [one: "linked", git.oid("HEAD^"): "linked", git.oid(): "linked"]
    git.expect(all, scan: false)
    git.expect(all)
    let events = git.orch("log", "--type", "commit.*", "--json").objects
    #expect(events.map { $0["actor"]?.stringValue } == ["company-agent", "company-agent", "company-agent"])
  }

  @Test func `a message written in an editor is stamped when there is one`() {
    let git = GitScratch()
    git.git(
      "commit", "-q", "--allow-empty",
      environment: git.editor(#"printf 'feat: edited\n\nBody.\n' > "$1.n"; cat "$1" >> "$1.n"; mv "$1.n" "$1""#))
    expectStamped(git, subject: "feat: edited (company-agent)")
    let before = git.oid()
    // Left as it was, emptied, nothing but comments and a sign-off: no commit.
    for (script, more) in [("true", []), (#": > "$1""#, []), ("true", ["-s"]), (#"printf '# only\n\n' > "$1""#, ["-v"])]
    {
      let outcome = git.run(["commit", "-q", "--allow-empty"] + more, environment: git.editor(script))
      #expect(outcome.status == 1 && outcome.stderr.contains("empty commit message"), "\(script): \(outcome.stderr)")
      #expect(git.oid() == before)
    }
    let failed = git.run(["commit", "-q", "--allow-empty"], environment: ["GIT_EDITOR": "false"])
    #expect(failed.status != 0 && git.oid() == before)
    git.expect([before: "linked"])
  }

  @Test func `a template that is left alone makes no commit`() {
    let git = GitScratch()
    git.orch("hooks", "install", "--template")
    for template in [nil, "type: subject\n\nWhy.\n\n# A comment\n"] {
      if let template { git.git("config", "commit.template", git.home.file("template", template)) }
      let outcome = git.run(["commit", "-q", "--allow-empty"], environment: git.editor("true"))
      #expect(outcome.status == 1, "\(outcome.stdout)\(outcome.stderr)")
      #expect(git.run(["rev-parse", "-q", "--verify", "HEAD"]).status != 0)
      git.git(
        "commit", "-q", "--allow-empty",
        environment: git.editor(#"printf 'feat: mine\n' > "$1.n"; cat "$1" >> "$1.n"; mv "$1.n" "$1""#))
      #expect(git.trailer("Orch-Task") == "t-one", "\(git.message())")
      git.git("update-ref", "-d", "HEAD")
    }
  }

  @Test func `an editor that does nothing writes nothing`() {
    let git = GitScratch()
    let template = git.home.file("template", "type: subject\n\nWhy.\n\n# A comment\n")
    for editor in [":", "true"] {
      for template in [nil, template] {
        if let template { git.git("config", "commit.template", template) }
        let outcome = git.run(["commit", "-q", "--allow-empty"], environment: ["GIT_EDITOR": editor])
        #expect(
          outcome.status == 1 && git.run(["rev-parse", "-q", "--verify", "HEAD"]).status != 0, "\(outcome.stderr)")
      }
      git.git("config", "--unset", "commit.template")
      git.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "--allow-empty", "-s", "-m", "plain")
      git.git("commit", "-q", "--allow-empty", "--amend", environment: ["GIT_EDITOR": editor])
      expectStamped(git, subject: "plain (company-agent)")
      #expect(git.trailer("Signed-off-by") == "Carl Committer <carl@example.org>", "\(git.message())")
      git.git("update-ref", "-d", "HEAD")
    }
  }

  @Test func `what git cuts off is cut off, and what it leaves stays`() {
    let git = GitScratch()
    git.write("file", "one\n>8\nOrch-Task: t-two\n")
    git.git("add", "file")
    let write =
      #"printf 'feat: verbose\n\n# kept only by scissors\nBody.\n' > "$1.n"; cat "$1" >> "$1.n"; mv "$1.n" "$1""#
    git.git("commit", "-q", "-v", environment: git.editor(write))
    expectStamped(git, subject: "feat: verbose (company-agent)")
    #expect(!git.message().contains("diff --git") && !git.message().contains("kept only"))
    git.git("commit", "-q", "--allow-empty", "-v", "--cleanup=scissors", environment: git.editor(write))
    expectStamped(git, subject: "feat: verbose (company-agent)")
    #expect(git.message().contains("kept only") && !git.message().contains(">8"))
    git.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", "feat: verbatim\n\n# A heading\n\n")
    expectStamped(git, subject: "feat: verbatim (company-agent)")
    #expect(git.message().contains("# A heading"))
    git.git("config", "core.commentChar", ";")
    git.git(
      "commit", "-q", "--allow-empty",
      environment: git.editor(
        #"printf '#1 is fixed\n\n; gone\n# stays\n' > "$1.n"; cat "$1" >> "$1.n"; mv "$1.n" "$1""#))
    expectStamped(git, subject: "#1 is fixed (company-agent)")
    #expect(git.message().contains("# stays") && !git.message().contains("; gone"))
    git.git("config", "commit.cleanup", "scissors")
    git.git(
      "commit", "-q", "--allow-empty", "-v",
      environment: git.editor(#"printf 'fix: six\n' > "$1.n"; cat "$1" >> "$1.n"; mv "$1.n" "$1""#))
    expectStamped(git, subject: "fix: six (company-agent)")
    let all = git.git("rev-list", "HEAD").split(separator: "\n").map { (String($0), "linked") }
    git.expect(Dictionary(uniqueKeysWithValues: all))
  }

  @Test func `an autosquash subject stays as it is, and still squashes`() {
    let git = GitScratch()
    git.commit("chore: base")
    let first = git.commit("feat: one")
    let second = git.commit("feat: two")
    git.write("featone", "better\n")
    git.git("add", "-A")
    git.git("commit", "-q", "--fixup", first)
    let fixup = git.oid()
    #expect(git.git("log", "-1", "--format=%s") == "fixup! feat: one (company-agent)")
    git.git("rebase", "-q", "-i", "--autosquash", "HEAD~3")
    #expect(git.git("log", "--format=%s", "-2") == "feat: two (company-agent)\nfeat: one (company-agent)")
    git.expect([
      git.oid("HEAD~2"): "linked", git.oid("HEAD^"): "linked", git.oid(): "linked",
      first: "rewritten → \(git.oid("HEAD^"))",
      fixup: "rewritten → \(git.oid("HEAD^"))", second: "rewritten → \(git.oid())"
    ])
  }

  @Test func `trailers that stand there stay`() {
    let git = GitScratch()
    git.commit("feat: own\n\nBody.\n\nAuthor: home-agent\nCo-authored-by: B <b@c.d>")
    #expect(
      git.trailer("Author") == "home-agent" && git.trailer("Orch-Task") == "t-one"
        && git.trailer("Co-authored-by") == "B <b@c.d>")
    git.expect([git.oid(): "linked"])
  }
}
