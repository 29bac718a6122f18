import OrchCore
import OrchGit
import Testing

@Suite("Subject tags")
struct MessageTagTests {
  @Test(arguments: [
    ("feat: x (company-agent)", "company-agent"),
    ("feat: x (company-agent) (#12)", "company-agent"),
    ("feat: x (company-agent) (#12) (#13)\n\nbody (other)", "company-agent"),
    ("제목 (회사-에이전트)", "회사-에이전트"),
    ("x (a.b_c:d/e@f)", "a.b_c:d/e@f"),
    ("feat: x\nwrapped (agent)\n\nbody", "agent"),
    ("\n# c\nfeat: x (agent)  \r\n\r\nbody", "agent"),
    ("feat: x (see below)", nil), ("run(x)", nil), ("(agent)", nil), ("x ()", nil), ("x (#12)", nil), ("x (-a)", nil),
    ("x (agent).", nil), ("x (agent) y", nil), ("x (agent", nil), ("x agent)", nil), ("x (a(b))", nil), ("", nil),
    ("feat: x\n\n(agent)", nil), ("x (agent)(#12)", nil)
  ])
  func `a tag is an identifier in parentheses at the subject's end`(text: String, tag: String?) {
    #expect(CommitMessage(Array(text.utf8)).subjectTag == tag)
  }

  @Test(arguments: [
    ("feat: x", "feat: x (agent)", CommitMessage.Tagging.added),
    ("feat: x\n", "feat: x (agent)\n", .added),
    ("feat: x  \r\n\r\nbody\r\n", "feat: x (agent)\r\n\r\nbody\r\n", .added),
    ("feat: x (#12)\n", "feat: x (agent) (#12)\n", .added),
    ("feat: x (see below)", "feat: x (see below) (agent)", .added),
    ("feat: x\nwrapped\n\nbody\n", "feat: x\nwrapped (agent)\n\nbody\n", .added),
    ("(#12)", "(#12) (agent)", .added),
    ("\n# c\nT\n# d\n", "\n# c\nT (agent)\n# d\n", .added),
    ("feat: x (agent)", "feat: x (agent)", .present),
    ("feat: x (agent) (#12)", "feat: x (agent) (#12)", .present),
    ("feat: x (other)", "feat: x (other)", .other("other")),
    ("fixup! feat: x", "fixup! feat: x", .exempt),
    ("squash! feat: x", "squash! feat: x", .exempt),
    ("amend! feat: x", "amend! feat: x", .exempt),
    ("# c\n\n", "# c\n\n", .noText)
  ])
  func `a tag is added where it is missing`(text: String, tagged: String, tagging: CommitMessage.Tagging) throws {
    var message = CommitMessage(Array(text.utf8))
    #expect(try message.tagSubject("agent") == tagging)
    #expect(String(decoding: message.bytes, as: UTF8.self) == tagged)
    let once = message
    #expect(try message.tagSubject("agent") == (tagging == .added ? .present : tagging))
    #expect(message == once)
  }

  @Test func `a subject that is no UTF-8 keeps its bytes`() throws {
    var message = CommitMessage([0xb0, 0xa1, 0x20, 0x28, 0xb0, 0x29])
    #expect(message.subjectTag == nil)
    try message.tagSubject("회사")
    #expect(message.bytes == [0xb0, 0xa1, 0x20, 0x28, 0xb0, 0x29] + Array(" (회사)".utf8))
  }

  @Test func `an agent that is no identifier is refused`() {
    var message = CommitMessage(Array("x".utf8))
    for agent in ["", "a b", "a)\nOrch-Task: t", "-a"] {
      #expect(throws: TextError.self) { try message.tagSubject(agent) }
    }
    #expect(message.bytes == Array("x".utf8))
  }
}
