import OrchGit
import Testing

@Suite("libgit2")
struct LibraryTests {
  @Test func `it is loaded, with every function that is used`() {
    #expect(GitLibrary.obstacle == nil)
    #expect(GitLibrary.version?.hasPrefix("1.") == true)
  }
}
