import OrchGit
import Testing

private let scissors = "# ------------------------ >8 ------------------------\n"

@Suite("Text of a message")
struct MessageTextTests {
  @Test(arguments: [
    ("", false, false), ("\n  \n\t\r\n", false, false), ("# c\n#d\n", false, true), ("x", true, true),
    ("\n# c\n\nx\n", true, true),
    (scissors + "diff\n", false, false), ("\n" + scissors + "diff\n", false, false),
    ("# c\n" + scissors + "diff\n", false, true),
    ("\n\nSigned-off-by: A <a@example.org>\n\n# Please\n", false, true),
    ("\n\nSigned-off-by: A <a@example.org>\n", false, false),
    ("x" + scissors, true, true), (" # c", true, true)
  ])
  func `there is text when something remains`(text: String, stripped: Bool, kept: Bool) {
    #expect(CommitMessage(Array(text.utf8)).hasText == stripped)
    #expect(CommitMessage(Array(text.utf8), cleanup: .scissors).hasText == kept)
    #expect(CommitMessage(Array(text.utf8), cleanup: .none).hasText == kept)
  }

  @Test func `any byte may begin a comment`() {
    #expect(!CommitMessage(Array(";c\n".utf8), comment: UInt8(ascii: ";")).hasText)
    #expect(CommitMessage(Array("#c\n".utf8), comment: UInt8(ascii: ";")).hasText)
    #expect(!CommitMessage([0xff, 10], comment: 0xff).hasText)
    let cut = "; ------------------------ >8 ------------------------\n"
    #expect(CommitMessage(Array("T\n\(cut)x\n".utf8), comment: UInt8(ascii: ";")).textEnd == 2)
  }

  @Test func `the subject is the first paragraph in one line`() {
    #expect(CommitMessage(Array("\n# c\n  feat: x\t\n# d\n more \n\nbody\n".utf8)).subject == "feat: x more")
    #expect(CommitMessage(Array("#12 is fixed\n\nbody".utf8), cleanup: .none).subject == "#12 is fixed")
    #expect(CommitMessage([]).subject == "")
    #expect(CommitMessage([0xff, 10]).subject == "\u{fffd}")
  }

  @Test func `the text ends above what is removed`() {
    let text = "T\n\nbody\n"
    for tail in ["", "\n\n", "\n# c\n\n# d\n", "# c\n", scissors + "diff --git\n+x\n", "\n# c\n" + scissors + "x\n"] {
      #expect(CommitMessage(Array((text + tail).utf8)).textEnd == text.utf8.count)
    }
    #expect(CommitMessage(Array((text + "# 12\n").utf8), cleanup: .none).textEnd == text.utf8.count + 5)
    #expect(CommitMessage(Array("# c\n".utf8)).textEnd == 0)
  }

  /// In a time that grows with the square of the length it would take hours.
  @Test func `ten megabytes are stamped in linear time`() throws {
    let line = Array("a line of prose, of which there are many -------- and -- more: x\n".utf8)
    var prose = Array("T\n\n".utf8)
    while prose.count < 10_000_000 { prose += line }
    var message = CommitMessage(prose + Array((scissors + "diff\n").utf8))
    try message.tagSubject("agent")
    try message.stamp([Trailer("Author", "agent")])
    #expect(Trailers.read(message.bytes) == [Trailer("Author", "agent")])
  }
}
