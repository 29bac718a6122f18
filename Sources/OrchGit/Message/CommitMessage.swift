/// A commit's message before it is made, as a hook finds it in its file.
package struct CommitMessage: Hashable, Sendable {
  /// What git removes from a message before the commit is made: `commit.cleanup`.
  package enum Cleanup: Hashable, Sendable {
    /// Comment lines and all below the scissors line: a message that was edited.
    case strip
    /// All below the scissors line; comment lines are text.
    case scissors
    /// No line: a message that is given with `-m` or `-F`, or `verbatim`.
    case none
  }

  /// What stands in the file.
  package internal(set) var bytes: [UInt8]
  package let cleanup: Cleanup
  /// The first byte of a comment line: `core.commentChar`.
  package let comment: UInt8

  package init(_ bytes: [UInt8], cleanup: Cleanup = .strip, comment: UInt8 = UInt8(ascii: "#")) {
    (self.bytes, self.cleanup, self.comment) = (bytes, cleanup, comment)
  }

  /// Whether a text would remain, so that git makes a commit.
  ///
  /// Neither white space nor a sign-off is one, as for git: who quits the editor without a word
  /// has the commit abandoned.
  package var hasText: Bool {
    read { lines in
      guard let text = textRange(lines) else { return false }
      var line = text.lowerBound
      while line < text.upperBound {
        if isText(line, lines, before: text.upperBound),
          !lines.has("Signed-off-by: ", at: line, before: text.upperBound)
        {
          return true
        }
        line = lines.nextLine(line, before: text.upperBound)
      }
      return false
    }
  }

  /// The first paragraph in one line, as `git log --format=%s` shows it; empty where there is none.
  package var subject: String {
    read { lines in titleLines(lines).map { lines.text($0) }.joined(separator: " ") }
  }

  /// Where the text ends, behind the line feed of its last line; 0 where there is none. Below are
  /// blank lines, comments that will be removed, and the scissors line with what follows it.
  package var textEnd: Int { read { textRange($0)?.upperBound ?? 0 } }

  // MARK: Within

  func read<Result>(_ body: (MessageLines) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { body(MessageLines($0, comment: comment)) }
  }

  /// Whether the line at `start` is neither blank nor a comment that will be removed.
  func isText(_ start: Int, _ lines: MessageLines, before end: Int) -> Bool {
    !(cleanup == .strip && lines.isComment(start, before: end)) && !lines.isBlank(start, before: end)
  }

  /// From the first line of text to the last, which is above the scissors line whether or not git
  /// removes what is below: readers of trailers stop there in any case.
  func textRange(_ lines: MessageLines) -> Range<Int>? {
    let cut = lines.cut
    var start = 0
    while start < cut, !isText(start, lines, before: cut) { start = lines.nextLine(start, before: cut) }
    guard start < cut else { return nil }
    var end = cut
    while true {
      let line = lines.lastLine(before: end)
      if isText(line, lines, before: cut) { return start..<end }
      end = line
    }
  }

  /// The lines of the first paragraph, each without the white space at its ends.
  func titleLines(_ lines: MessageLines) -> [Range<Int>] {
    guard let text = textRange(lines) else { return [] }
    var found: [Range<Int>] = []
    var line = text.lowerBound
    while line < text.upperBound, !lines.isBlank(line, before: text.upperBound) {
      if isText(line, lines, before: text.upperBound) {
        found.append(lines.trimmed(line..<lines.lineEnd(line, before: text.upperBound)))
      }
      line = lines.nextLine(line, before: text.upperBound)
    }
    return found
  }
}

extension CommitMessage {
  /// Whether the text that git would keep of both is the same, blank lines aside.
  package func hasSameText(as other: CommitMessage) -> Bool { keptLines == other.keptLines }

  /// The lines that are text, without white space at their ends.
  private var keptLines: [[UInt8]] {
    read { lines in
      guard let text = textRange(lines) else { return [] }
      var kept: [[UInt8]] = []
      var line = text.lowerBound
      while line < text.upperBound {
        let next = lines.nextLine(line, before: text.upperBound)
        if isText(line, lines, before: text.upperBound) {
          var end = next
          while end > line, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[end - 1]) { end -= 1 }
          kept.append(Array(bytes[line..<end]))
        }
        line = next
      }
      return kept
    }
  }
}
