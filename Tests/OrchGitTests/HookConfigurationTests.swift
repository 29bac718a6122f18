import OrchGit
import OrchTestSupport
import Templates
import Testing

@Suite("Hooks: in the configuration")
struct HookConfigurationTests {
  @Test(arguments: ["bin", "it's a\n$(place)"])
  func `the command runs as git runs it`(folder: String) throws {
    let scratch = try HookScratch(orchIn: folder)
    let entries = try ConfiguredHooks.entries(orch: scratch.orch)
    #expect(entries.map { $0.key } == ConfiguredHooks.keys())
    #expect(entries.filter { $0.key.hasSuffix(".event") }.map { $0.value } == HookName.allCases.map { $0.rawValue })
    for entry in entries {
      scratch.git("config", entry.key, entry.value)
      #expect(scratch.git("config", "-z", entry.key).stdout == entry.value + "\0")
    }
    let command = try #require(entries.first { $0.key == "hook.orch-commit-msg.command" }).value
    // What git makes of a command with arguments.
    func run() -> CommandOutcome {
      scratch.run("/bin/sh", ["-c", command + " \"$@\"", command, "a file", "$x"], in: scratch.tree)
    }
    #expect(run().status == 0)
    #expect(scratch.calls() == ["commit-msg [a file] [$x]"])
    try scratch.setStatus(70)
    #expect(run().status == 0)
    try scratch.setStatus(1)
    #expect(run().status == 1)
    Files.remove(scratch.orch)
    let outcome = run()
    #expect(outcome.status == 0 && outcome.stderr == "")
  }

  @Test(arguments: [
    ("git version 2.39.5", "2.39.5", false), ("git version 2.39.5 (Apple Git-154)\n", "2.39.5", false),
    ("git version 2.54.0.rc1", "2.54.0", true), ("git version 2.54.0-rc1\n", "2.54.0", true),
    ("git version 2.54.GIT", "2.54.0", true), ("git version 2.53.1.windows.2\r\n", "2.53.1", false),
    ("git version 2.48.1.123.gabcdef", "2.48.1", false), ("git version 3.0", "3.0.0", true),
    ("git version 10.2.1", "10.2.1", true)
  ])
  func `a version of git`(text: String, version: String, runs: Bool) {
    #expect(GitVersion(text)?.description == version)
    #expect(GitVersion(text)?.runsConfiguredHooks == runs)
  }

  @Test(arguments: ["", "git", "git version", "git version x", "git version 2", "hub version 2.54.0", "2.54.0"])
  func `no version of git`(text: String) { #expect(GitVersion(text) == nil) }
}

@Suite("Templates")
struct HookTemplateTests {
  @Test func `they are built in, and the user's own win`() throws {
    #expect(Templates.languages == ["en", "ko"])
    for name in Templates.names { #expect(Templates.file(name)?.isEmpty == false, "\(name)") }
    #expect(Templates.file("none.txt") == nil)
    let directory = Files.makeScratch()
    defer { Files.remove(directory) }
    #expect(try Templates.load("hook.sh", overridesIn: nil) == Templates.file("hook.sh"))
    #expect(try Templates.load("hook.sh", overridesIn: directory + "/none") == Templates.file("hook.sh"))
    try Files.write("own", to: directory + "/hook.sh")
    #expect(try Templates.load("hook.sh", overridesIn: directory) == Array("own".utf8))
    try Files.write("own", to: directory + "/none.txt")
    #expect(try Templates.load("none.txt", overridesIn: directory) == nil)
    Files.makeDirectory(directory + "/commit-message.en.txt")
    #expect(throws: UnreadableTemplate.self) { try Templates.load("commit-message.en.txt", overridesIn: directory) }
  }

  @Test func `where the user's own lie`() {
    #expect(Templates.overrideDirectory(configHome: "/c", home: "/h") == "/c/orch/templates")
    #expect(Templates.overrideDirectory(configHome: "c", home: "/h") == "/h/.config/orch/templates")
    #expect(Templates.overrideDirectory(configHome: nil, home: "/h") == "/h/.config/orch/templates")
    #expect(Templates.overrideDirectory(configHome: "", home: nil) == nil)
  }
}
