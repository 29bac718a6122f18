import OrchApp
import OrchCore
import OrchRendering
import OrchSystem
import Testing

@Suite("Commands to copy")
struct ShellCommandTests {
  @Test(arguments: [
    ["show", "t-7k2f9q3h"], ["show", "작업/1"], ["check", "unit tests", "--task", "t", "--", "COMMAND"],
    ["--database", "/tmp/a b/it's $HOME.db"], ["show", ""], ["recover", "TASK", "…"],
    ["claim", "a;rm -rf *", "`x`\n\\"],
    ["--database", "postgres://u@h/db?sslmode=require&port=1"], ["agents", "set", "~", "#1", "!x", "{a,b}"]
  ])
  func `a shell reads the words back`(words: [String]) throws {
    let text = ShellCommand(isOrch: false, words).text
    let read = try #require(ChildProcess.output(of: ["/bin/sh", "-c", "printf '%s\\0' \(text)"]))
    #expect(String(decoding: read, as: UTF8.self) == words.map { "\($0)\0" }.joined())
  }

  @Test func `words are quoted where a shell needs it, and only there`() {
    #expect(
      ShellCommand.orch("check", "unit tests", "--task", "t-1", "--", "COMMAND").text
        == "orch check 'unit tests' --task t-1 -- COMMAND")
    #expect(ShellCommand.orch("show", "프로젝트:a@01HZ").text == "orch show 프로젝트:a@01HZ")
    #expect(StringTable().text(.run("recover", "TASK", "…")) == "orch recover TASK …")
    #expect(StringTable().text(.shell("chmod", "go-w", "/a b")) == "chmod go-w '/a b'")
    #expect(
      StringTable().text(.text(.hintOtherDatabase(database: ShellCommand.words("/a b.db"))))
        == "--database '/a b.db', or ORCH_DATABASE_URL")
  }
}
