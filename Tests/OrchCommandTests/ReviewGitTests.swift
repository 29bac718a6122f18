import OrchCore
import OrchTestSupport
import Testing

@Suite("Reviewing commits")
struct ReviewGitTests {
  /// `t-one` is company-agent's on the branch `topic`, one commit beyond `main`, submitted to rev and rex.
  private func submitted(configured settings: [String] = [], owner: String? = nil) -> GitScratch {
    let git = GitScratch(hooks: false, agent: nil)
    if let owner { git.orch("agents", "set", owner, "--role", "owner") }
    git.commit("base")
    for setting in settings { git.git("config", setting, "true") }
    git.git("checkout", "-q", "-b", "topic")
    git.orch("edit", "t-one", "--reviewer", "rev", "--reviewer", "rex")
    git.orch("claim", "t-one", as: "company-agent")
    git.commit("work")
    git.orch("release", "review", as: "company-agent")
    return git
  }

  private func show(_ git: GitScratch, in directory: String? = nil) -> String {
    git.orch("show", "t-one", in: directory).lines.first { $0.hasPrefix("submitted") } ?? ""
  }

  private func verdict(
    _ verdict: String, as agent: String, _ git: GitScratch, in directory: String? = nil, status: Int32 = 0,
    at place: SourceLocation = #_sourceLocation
  ) -> CommandOutcome {
    git.orch("review", verdict, "t-one", "-m", "so", "--json", as: agent, in: directory, status: status, at: place)
  }

  @Test func `what is submitted`() {
    let git = submitted()
    let row = git.orch("review", "list", "--reviewer", "rev", "--json").json
    #expect(row["oid"]?.stringValue == git.oid() && row["tree"]?.stringValue == git.oid("HEAD^{tree}"))
    #expect(row["branch"]?.stringValue == "topic" && row["change"]?.stringValue?.count == 64)
    let approved = verdict("approve", as: "rev", git).json
    #expect(approved["oid"] == row["oid"] && approved["stale"]?.boolValue == false)
    #expect(approved["fromAuthorsPlace"]?.boolValue == true, "in the author's own work tree")
    let elsewhere = verdict("approve", as: "rex", git, in: git.home.directory("elsewhere")).json
    #expect(elsewhere["fromAuthorsPlace"]?.boolValue == false)
    git.orch("verify")
  }

  @Test(.eachEngine) func `a rebase of the same change keeps its approvals`() {
    let git = submitted()
    _ = verdict("approve", as: "rev", git)
    let old = git.oid()
    git.git("checkout", "-q", "main")
    git.commit("elsewhere")
    git.git("checkout", "-q", "topic")
    git.git("rebase", "-q", "main")
    #expect(git.oid() != old && git.oid("HEAD^{tree}") != git.oid("\(old)^{tree}"))
    #expect(!show(git).contains("stale"))
    git.orch("review", "submit", "t-one", as: "company-agent")
    let rows = git.orch("review", "list", "--json").objects
    #expect(rows.filter { $0["verdict"]?.stringValue == "requested" }.map { $0["reviewer"]?.stringValue } == ["rex"])
    #expect(rows.first { $0["verdict"]?.stringValue == "approved" }?["stale"]?.boolValue == false)
    // Without being submitted again, too.
    git.git("checkout", "-q", "main")
    git.commit("further")
    git.git("checkout", "-q", "topic")
    git.git("rebase", "-q", "main")
    _ = verdict("approve", as: "rex", git)
    #expect(git.home.state("t-one") == "done")
    git.orch("verify")
  }

  @Test func `other content is stale until it is submitted`() {
    let git = submitted()
    _ = verdict("approve", as: "rev", git)
    git.write("work", "other\n")
    git.git("commit", "-qa", "--amend", "-m", "work")
    let refused = verdict("approve", as: "rex", git, status: 1)
    #expect(refused.error["code"]?.stringValue == "stale-submission")
    #expect(refused.error["hint"]?.stringValue?.hasPrefix("orch review submit t-one") == true)
    #expect(show(git).contains("stale"))
    #expect(git.orch("review", "list", "--json").objects.allSatisfy { $0["stale"]?.boolValue == true })
    git.orch("review", "submit", "t-one", as: "company-agent")
    #expect(git.orch("review", "submit", "t-one", "--json", as: "company-agent").json["event"]?.isNull == true)
    let awaited = git.orch("review", "list", "--json").objects.filter { $0["verdict"]?.stringValue == "requested" }
    #expect(awaited.map { $0["reviewer"]?.stringValue } == ["rev", "rex"], "the old approval is of other content")
    _ = verdict("approve", as: "rex", git)
    #expect(git.home.state("t-one") == "review")
    _ = verdict("approve", as: "rev", git)
    #expect(git.home.state("t-one") == "done")
    git.orch("verify")
  }

  @Test func `rejecting what is stale is allowed`() {
    let git = submitted()
    git.commit("more")
    _ = verdict("approve", as: "rex", git, status: 1)
    #expect(verdict("reject", as: "rex", git).json["stale"]?.boolValue == true)
    #expect(git.home.state("t-one") == "queued")
    git.orch("verify")
  }

  @Test func `where its author stands does not make it work without git`() {
    let git = submitted()
    let elsewhere = git.home.directory("nowhere")
    let refused = git.orch("review", "submit", "t-one", as: "company-agent", in: elsewhere, status: 1)
    #expect(refused.stderr.contains("no commit to submit here"), "\(refused.stderr)")
    #expect(git.home.events("t-one").count { $0 == "review.requested" } == 1)
    git.write("loose", "x")
    git.orch("review", "submit", "t-one", as: "company-agent", status: 1)
    git.orch("verify")
  }

  @Test func `a reviewer outside the repository, and in another one`() {
    let git = submitted()
    git.commit("more")
    let other = git.home.directory("other")
    git.git("init", "-q", "-b", "topic", in: other)
    git.commit("other", in: other)
    _ = verdict("approve", as: "rev", git, in: other)
    _ = verdict("approve", as: "rex", git, in: git.home.directory("nowhere"))
    #expect(git.home.state("t-one") == "done")
    #expect(!show(git).contains("stale"), "once it is done nothing is computed again")
    git.orch("verify")
  }

  @Test(arguments: ["--ff-only", "--no-ff", "--squash", "-D"]) func `the branch is merged, or gone`(how: String) {
    let git = submitted()
    git.git("checkout", "-q", "main")
    switch how {
    case "-D": git.git("branch", "-q", "-D", "topic")
    case "--squash":
      git.git("merge", "-q", "--squash", "topic")
      git.git("commit", "-q", "-m", "squashed")
    default: git.git("merge", "-q", how, "-m", "merged", "topic")
    }
    let shown = show(git)
    #expect(
      !shown.contains("stale") && shown.contains("merged") == (how == "--ff-only" || how == "--no-ff"), "\(shown)")
    _ = verdict("approve", as: "rev", git)
    _ = verdict("approve", as: "rex", git)
    #expect(git.home.state("t-one") == "done")
    git.orch("verify")
  }

  @Test func `on the default branch, and on none`() {
    let git = GitScratch(hooks: false, agent: nil)
    git.commit("base")
    git.orch("edit", "t-one", "--reviewer", "rev")
    git.orch("claim", "t-one", as: "company-agent")
    git.commit("work")
    git.orch("release", "review", as: "company-agent")
    #expect(git.orch("review", "list", "--json").json["branch"]?.stringValue == "main")
    git.commit("others go on")
    #expect(!show(git).contains("stale"))
    git.git("reset", "-q", "--hard", "HEAD^")
    git.git("commit", "-q", "--amend", "-m", "other words")
    #expect(!show(git).contains("stale"), "the same tree")
    git.write("work", "other\n")
    git.git("commit", "-qa", "--amend", "-m", "other")
    _ = verdict("approve", as: "rev", git, status: 1)
    git.git("checkout", "-q", "--detach")
    git.orch("review", "submit", "t-one", as: "company-agent")
    #expect(git.orch("review", "list", "--json").json["branch"]?.isNull == true)
    _ = verdict("approve", as: "rev", git)
    git.orch("verify")
  }

  @Test func `a clone that is behind says what to do first`() {
    let git = submitted()
    let (remote, clone) = (git.home.path + "/remote.git", git.home.path + "/clone")
    git.git("init", "-q", "--bare", "-b", "main", remote)
    git.git("remote", "add", "origin", remote)
    git.git("push", "-q", "-u", "origin", "main", "topic")
    git.git("clone", "-q", remote, clone)
    // A copy that is the same repository for both.
    git.commit("more")
    git.orch("review", "submit", "t-one", as: "company-agent")
    let behind = verdict("approve", as: "rev", git, in: clone, status: 1)
    #expect(behind.error["hint"]?.stringValue?.hasPrefix("git fetch") == true, "\(behind.stderr)")
    git.git("push", "-q")
    git.git("fetch", "-q", in: clone)
    _ = verdict("approve", as: "rev", git, in: clone)
    // The remote has gone on with other content; here the branch is what was submitted.
    git.commit("further")
    git.git("push", "-q")
    _ = git.git("reset", "-q", "--hard", "HEAD^")
    git.git("fetch", "-q", in: clone)
    let newer = verdict("approve", as: "rex", git, in: clone, status: 1)
    #expect(newer.error["hint"]?.stringValue?.hasPrefix("orch review submit") == true, "\(newer.stderr)")
    git.orch("verify")
  }

  @Test func `the owner comes last`() {
    let git = submitted()
    git.git("config", "orch.ownerApproval", "true")
    let nobody = verdict("approve", as: "rev", git, status: 78)
    #expect(nobody.error["hint"]?.stringValue == "orch agents set NAME --role owner")
    git.orch("agents", "set", "boss", "--role", "owner")
    _ = verdict("approve", as: "boss", git, status: 1)
    _ = verdict("approve", as: "rev", git)
    _ = verdict("approve", as: "boss", git, status: 1)
    _ = verdict("approve", as: "rex", git)
    #expect(git.home.state("t-one") == "review")
    #expect(git.orch("brief", "--json", as: "boss").json["reviews"]?.arrayValue?.count == 1)
    #expect(git.orch("review", "list", "--reviewer", "boss", "--json").lines.count == 1)
    _ = verdict("approve", as: "boss", git)
    #expect(git.home.state("t-one") == "done")
    git.orch("verify")
    // Asked for where it is submitted, and nobody is one.
    let none = GitScratch(hooks: false)
    none.commit("base")
    none.git("config", "orch.ownerApproval", "true")
    none.orch("release", "review", "--reviewer", "rev", as: "company-agent", status: 78)
  }

  @Test func `that the owner is asked goes with the submission, whatever a reviewer's clone is set to`() {
    let git = submitted(configured: ["orch.ownerApproval"], owner: "boss")
    git.git("config", "--unset", "orch.ownerApproval")
    _ = verdict("approve", as: "rev", git)
    _ = verdict("approve", as: "rex", git)
    #expect(git.home.state("t-one") == "review")
    _ = verdict("approve", as: "boss", git)
    #expect(git.home.state("t-one") == "done")
    git.orch("verify")
  }

  @Test func `tasks of a repository that requires review`() {
    let git = GitScratch(hooks: false, agent: nil)
    git.commit("base")
    git.git("config", "orch.requireReview", "true")
    git.orch("add", "Two", "--id", "t-two")
    git.orch("claim", "t-two", as: "company-agent")
    let refused = git.orch("release", "done", "--json", as: "company-agent", status: 1)
    #expect(refused.error["hint"]?.stringValue == "orch release review")
    git.orch("release", "review", as: "company-agent", status: 1)
    git.orch("release", "review", "--reviewer", "rev", as: "company-agent")
    git.orch("verify")
  }
}
