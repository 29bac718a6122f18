import OrchTestSupport
import Testing

@Suite("GIT_DIR") struct GitDirectoryTests {
  @Test func `what a person asks for goes by the directory, whatever GIT_DIR and the directory's name are`() {
    let scratch = GitScratch(hooks: false, agent: nil)
    let other = scratch.home.directory("run")
    scratch.git("init", "-q", in: other)
    let status = scratch.orch(
      "hooks", "status", "--json", "-C", "run", in: scratch.home.path,
      environment: ["GIT_DIR": scratch.path + "/.git"])
    #expect(status.stdout.contains("/run/.git/hooks/"))
    #expect(!status.stdout.contains("/work/.git/hooks/"))
  }

  @Test func `a directory that is given is where relative paths begin, and where a check runs`() {
    let home = Home()
    _ = home.file("work/body.txt", "from the file")
    home.ok("-C", "work", "add", "One", "--id", "t-one", "--body", "@body.txt", in: home.path)
    #expect(home.ok("show", "t-one", "--json").stdout.contains("from the file"))
    home.claim("t-one", as: "company-agent")
    let outcome = home.ok(
      "-C", "work", "check", "place", "--", "/bin/pwd", as: "company-agent", in: home.path)
    #expect(outcome.lines.first == home.work)
  }
}
