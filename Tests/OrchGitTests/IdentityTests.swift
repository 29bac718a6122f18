import Testing

@testable import OrchGit

@Suite("A repository's name and settings")
struct IdentityTests {
  @Test(arguments: [
    ("https://github.com/jq/kpi.git", "github.com/jq/kpi"),
    ("https://kim:secret@GitHub.com/jq/kpi", "github.com/jq/kpi"),
    ("git@github.com:jq/kpi.git", "github.com/jq/kpi"), ("ssh://git@github.com:22/jq/kpi.git/", "github.com/jq/kpi"),
    ("git://host/a/b", "host/a/b"), ("host:/srv/a.git", "host/srv/a"), ("/srv/git/kpi.git", "file:/srv/git/kpi"),
    ("file:///srv/git/kpi", "file:/srv/git/kpi"),
    ("https://host/팀/작업.git", "host/팀/작업"), ("https://host/a b/c%20d", "host/a_20b/c_2520d")
  ]) func `however it is written, the place is the same`(_ url: String, _ name: String) {
    #expect(RemoteURL.identity(url) == name)
  }

  @Test(arguments: ["", "https://", "https://user:secret@/", "../kpi", "kpi"]) func `what leads nowhere has no name`(
    _ url: String
  ) {
    #expect(RemoteURL.identity(url) == nil)
  }

  @Test func `a name is no longer than an identifier`() {
    #expect(RemoteURL.identity("https://host/" + String(repeating: "a", count: 500))?.count == 128)
  }

  @Test(arguments: [
    ("[orch]\n", true), ("[core]\n\tbare = false\n[ Orch \"x\"]", true), ("[includeIf \"gitdir:x\"]", true),
    ("[include]", true), ("[core]\n\teditor = orch\n", false), ("", false), ("[", false)
  ]) func `a file that cannot name the section is not read by libgit2`(_ text: String, _ mentions: Bool) {
    #expect(ConfigurationFiles.mentions(Array(text.utf8)[...]) == mentions)
  }

  @Test func `a name of an object reads what it writes`() throws {
    let hex = "0123456789abcdef0123456789abcdef01234567"
    let name = try #require(ObjectName(hex))
    #expect(name.hex == hex && name.short == "0123456789")
    #expect(ObjectName(hex.uppercased()) == name)
    #expect(ObjectName(hex + "0") == nil && ObjectName("xyz") == nil && ObjectName("") == nil)
    #expect(try #require(ObjectName(String(repeating: "0", count: 40))).isZero)
  }
}
