import OrchGit
import OrchTestSupport
import Testing

private let scissors = "# ------------------------ >8 ------------------------\n"

@Suite("Stamping a message")
struct MessageStampTests {
  private let trailers = [Trailer("Author", "agent"), Trailer("Orch-Task", "t-1")]
  private let block = "Author: agent\nOrch-Task: t-1\n"

  private func stamped(
    _ text: String, _ trailers: [Trailer]? = nil, _ cleanup: CommitMessage.Cleanup = .strip
  ) throws -> String {
    var message = CommitMessage(Array(text.utf8), cleanup: cleanup)
    try message.stamp(trailers ?? self.trailers)
    return String(decoding: message.bytes, as: UTF8.self)
  }

  @Test func `the block is a paragraph of its own, or joins the one that is there`() throws {
    for text in ["T", "T\n", "T\n\n\n", "T\n  \n"] { #expect(try stamped(text) == "T\n\n" + block) }
    #expect(try stamped("T\n\nprose\nKey: value\n") == "T\n\nprose\nKey: value\n\n" + block)
    #expect(try stamped("Key: title\n") == "Key: title\n\n" + block)
    #expect(try stamped("T\n\nprose\n\nFixes: 1\n") == "T\n\nprose\n\nFixes: 1\n" + block)
    #expect(try stamped("T\n\nprose\nSigned-off-by: A") == "T\n\nprose\nSigned-off-by: A\n" + block)
    #expect(try stamped("T\n\nFixes: 1\n  folded\n\n") == "T\n\nFixes: 1\n  folded\n" + block)
  }

  @Test func `it stands above the comments and the scissors`() throws {
    let tails = [
      "\n# Please enter\n#\n# On branch main\n", "\n# c\n" + scissors + "diff --git a b\n+Author: x\n",
      "\n\n" + scissors
    ]
    for tail in tails {
      #expect(try stamped("T\n" + tail) == "T\n\n" + block + tail)
      #expect(try stamped("T\n\nFixes: 1\n" + tail) == "T\n\nFixes: 1\n" + block + tail)
      #expect(try stamped("T\n" + tail.drop { $0 == "\n" }) == "T\n\n" + block + "\n" + tail.drop { $0 == "\n" })
    }
    #expect(try stamped("T\n\nFixes: 1\n# c\n  folded\n") == "T\n\nFixes: 1\n# c\n  folded\n" + block)
    #expect(try stamped("# c\n\nFixes: title\n") == "# c\n\nFixes: title\n\n" + block)
    #expect(try stamped("T\n\nprose\n# 12\n", nil, .none) == "T\n\nprose\n# 12\n\n" + block)
    #expect(try stamped("T\n" + scissors + "x\n", nil, .none) == "T\n\n" + block + "\n" + scissors + "x\n")
    #expect(try stamped("T\n\nFixes: 1\n\nConflicts:\n\ta\n") == "T\n\nFixes: 1\n" + block + "\nConflicts:\n\ta\n")
  }

  @Test func `lines end as the message's do`() throws {
    let ended = block.split(separator: "\n").map { $0 + "\r\n" }.joined()
    #expect(try stamped("T\r\n\r\nbody\r\n") == "T\r\n\r\nbody\r\n\r\n" + ended)
    #expect(try stamped("T\r\n\r\nFixes: 1\r\n") == "T\r\n\r\nFixes: 1\r\n" + ended)
  }

  @Test func `what stands there is not repeated, and what differs is said`() throws {
    var message = CommitMessage(Array("T\n\nauthor: other\nReviewer:\nOrch-Task: t-1\n".utf8))
    let stamp = try message.stamp(trailers + [Trailer("Reviewer", "r")])
    #expect(stamp.added == [Trailer("Reviewer", "r")])
    #expect(stamp.kept.map(\.given) == [Trailer("Author", "agent")])
    #expect(stamp.kept.map(\.present) == [Trailer("author", "other")])
    #expect(message.bytes == Array("T\n\nauthor: other\nReviewer:\nOrch-Task: t-1\nReviewer: r\n".utf8))
  }

  @Test func `a key may be given twice, a trailer counts once`() throws {
    let given = [
      Trailer("Reviewer", "a"), Trailer("Reviewer", "b"), Trailer("reviewer", "a"), Trailer("Reviewer", " b ")
    ]
    #expect(try stamped("T\n", given) == "T\n\nReviewer: a\nReviewer: b\n")
    #expect(try stamped("T\n\nReviewer: a\nReviewer: b\n", given) == "T\n\nReviewer: a\nReviewer: b\n")
  }

  @Test func `a lease and an event stay away from another task`() throws {
    var message = CommitMessage(Array("T\n\nOrch-Task: t-2\n".utf8))
    let given = [
      Trailer("Orch-Task", "t-1"), Trailer("Orch-Lease", "k#1"), Trailer("Orch-Event", "l/e"), Trailer("Author", "a")
    ]
    let stamp = try message.stamp(given)
    #expect(stamp.added == [Trailer("Author", "a")])
    #expect(stamp.kept.map(\.given) == Array(given.prefix(3)))
    var same = CommitMessage(Array("T\n\nOrch-Task: t-1\n".utf8))
    #expect(try same.stamp(given).added == Array(given.dropFirst()))
  }

  @Test func `hostile trailers are refused, and change nothing`() {
    let text = Array("T\n".utf8)
    for value in [
      "", " ", "\u{200b}", "a\nOrch-Task: t-2", "a\r", "a\u{b}", "a\tb", "a\u{85}b", "a\u{2028}b", "a\u{2029}b",
      "a\u{0}", "\u{1b}[1m",
      "\r\n", "\u{7f}"
    ] {
      var message = CommitMessage(text)
      #expect(throws: TrailerError.self) { try message.stamp([Trailer("Author", "a"), Trailer("Reviewer", value)]) }
      #expect(message.bytes == text)
    }
    for key in ["", "-a", "9a", "a b", "a:", "a\nb", "키", "a_b", "#a"] {
      var message = CommitMessage(text)
      #expect(throws: TrailerError.notAKey(key)) { try message.stamp([Trailer(key, "x")]) }
    }
    var message = CommitMessage(text, comment: UInt8(ascii: "A"))
    #expect(throws: TrailerError.keyIsComment("Author")) { try message.stamp(trailers) }
    var nul = CommitMessage([84, 0, 10])
    #expect(throws: TrailerError.messageHoldsNUL) { try nul.stamp(trailers) }
    for text in ["", "\n# c\n", "Signed-off-by: A\n", scissors + "diff\n"] {
      var message = CommitMessage(Array(text.utf8))
      #expect(throws: TrailerError.noText) { try message.stamp(trailers) }
      #expect(message.bytes == Array(text.utf8))
    }
  }

  // MARK: Against git

  /// What git makes of an edited message before it commits it, by `git stripspace`'s rules.
  private func cleaned(_ message: CommitMessage) -> [UInt8] {
    guard message.cleanup == .strip else { return message.bytes }
    var result: [UInt8] = []
    var blank = false
    for line in message.bytes.split(separator: 10, omittingEmptySubsequences: false) {
      if line.elementsEqual(scissors.utf8.dropLast()) { break }
      if line.first == message.comment { continue }
      var line = line
      while let last = line.last, [32, 9, 13].contains(last) { line.removeLast() }
      if line.isEmpty {
        blank = !result.isEmpty
        continue
      }
      if blank { result.append(10) }
      blank = false
      result += line + [10]
    }
    return result
  }

  @Test(arguments: [CommitMessage.Cleanup.strip, .none])
  func `git sees what it saw, and what was stamped`(cleanup: CommitMessage.Cleanup) throws {
    var corpus = TrailerCorpus(seed: cleanup == .strip ? 11 : 12)
    var random = SeededGenerator(seed: 13)
    let pool = [
      Trailer("Author", "company-agent"), Trailer("Reviewer", "한글-에이전트"), Trailer("Source", "openclaw:discord"),
      Trailer("Orch-Task", "t-7k2f9q3h"), Trailer("Orch-Lease", "kpi#3"),
      Trailer("X-Other", "a: b # c (d) \"e\" e\u{301}")
    ]
    var before: [[UInt8]] = []
    var after: [[UInt8]] = []
    var stamps: [CommitMessage.Stamp] = []
    for bytes in corpus.messages(3000) {
      var message = CommitMessage(bytes, cleanup: cleanup)
      guard message.hasText else { continue }
      let clean = cleaned(message)
      let given = pool.filter { _ in random.once(in: 2) }
      let stamp = try message.stamp(given)
      #expect(stamp.added.count + stamp.kept.count <= given.count)
      before.append(clean)
      after.append(cleaned(message))
      stamps.append(stamp)
      let once = message
      #expect(try message.stamp(given).added == [])
      #expect(message == once)
    }
    let scratch = TrailerScratch()
    let (saw, sees) = (scratch.trailers(of: before), scratch.trailers(of: after))
    #expect(saw.count == before.count && sees.count == after.count)
    var different = 0
    for index in before.indices {
      let expected = saw[index] + stamps[index].added
      if sees[index] == expected, Trailers.read(after[index]) == expected { continue }
      different += 1
      if different < 6 {
        Issue.record(
          """
          \(String(decoding: before[index], as: UTF8.self).debugDescription)
          \(String(decoding: after[index], as: UTF8.self).debugDescription)
          expected \(expected)
          git      \(sees[index])
          """)
      }
    }
    #expect(different == 0)
  }

  @Test func `interpret-trailers and stripspace agree`() throws {
    let scratch = TrailerScratch()
    var corpus = TrailerCorpus(seed: 14)
    var count = 0
    for bytes in corpus.messages(80) {
      var message = CommitMessage(bytes)
      guard message.hasText, !bytes.contains(13) else { continue }
      let added = try message.stamp(trailers).added
      let cut = Array(message.bytes.prefix(upTo: cleanedEnd(message.bytes)))
      let clean = scratch.git("stripspace", "--strip-comments", input: cut).outBytes
      #expect(clean == cleaned(message))
      let parsed = scratch.git("interpret-trailers", "--parse", "--no-divider", input: clean).lines
      #expect(parsed.suffix(added.count) == added.map { "\($0.key): \($0.value)" }[...])
      count += 1
    }
    #expect(count > 20)
  }

  private func cleanedEnd(_ bytes: [UInt8]) -> Int {
    let line = Array(scissors.utf8)
    return bytes.indices.first { ($0 == 0 || bytes[$0 - 1] == 10) && bytes[$0...].starts(with: line) } ?? bytes.count
  }
}
