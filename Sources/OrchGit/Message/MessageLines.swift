import OrchSystem

/// A commit's message as git looks at it: bytes in lines that end with a line feed.
///
/// Nothing here allocates, and white space is what git calls so: space, tab, line feed and carriage
/// return, not the vertical tab and the form feed of C.
struct MessageLines {
  /// Without what follows a NUL, which git does not see.
  let bytes: UnsafeBufferPointer<UInt8>
  /// What a line begins with that is a comment.
  let comment: UInt8

  init(_ message: UnsafeBufferPointer<UInt8>, comment: UInt8) {
    self.comment = comment
    let end = message.position(of: 0, from: 0, before: message.count) ?? message.count
    bytes = UnsafeBufferPointer(rebasing: message[..<end])
  }

  // MARK: Lines

  /// Where the line feed stands that ends the line at `start`, or where the bytes end.
  func lineEnd(_ start: Int, before end: Int) -> Int {
    bytes.position(of: 10, from: start, before: end) ?? end
  }

  /// Where the line after the one at `start` begins, or where the bytes end.
  func nextLine(_ start: Int, before end: Int) -> Int { min(lineEnd(start, before: end) + 1, end) }

  /// Where the last line before `end` begins, whether a line feed ends it or not.
  func lastLine(before end: Int) -> Int {
    var index = end - 2
    while index >= 0, bytes[index] != 10 { index -= 1 }
    return index + 1
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

  /// Whether the line has nothing but white space.
  func isBlank(_ start: Int, before end: Int) -> Bool {
    var index = start
    while index < end, bytes[index] != 10 {
      if !Self.isSpace(bytes[index]) { return false }
      index += 1
    }
    return true
  }

  func isComment(_ start: Int, before end: Int) -> Bool { start < end && bytes[start] == comment }

  /// Whether these bytes stand at `start`.
  func has(_ text: StaticString, at start: Int, before end: Int) -> Bool {
    end - start >= text.utf8CodeUnitCount
      && bytes.holds(text, at: start)
  }

  /// What git itself writes into a message's end.
  func isGenerated(_ start: Int, before end: Int) -> Bool {
    has("Signed-off-by: ", at: start, before: end) || has("(cherry picked from commit ", at: start, before: end)
  }

  /// Where the colon stands after the key of the line at `start`; nil when the line is no trailer.
  ///
  /// A key is made of ASCII letters, digits and `-`; spaces and tabs may follow it.
  func separator(_ start: Int, before end: Int) -> Int? {
    var index = start
    var spaced = false
    while index < end {
      switch bytes[index] {
      case 58: return index > start ? index : nil
      case 48...57, 65...90, 97...122, 45:
        if spaced { return nil }
      case 32, 9:
        if index == start { return nil }
        spaced = true
      default: return nil
      }
      index += 1
    }
    return nil
  }

  /// Without the white space at both ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, Self.isSpace(bytes[start]) { start += 1 }
    while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Whether two keys are one, without regard to case.
  func isKey(_ range: Range<Int>, _ key: String) -> Bool {
    key.utf8.count == range.count
      && zip(bytes[range], key.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
  }

  func isKey(_ range: Range<Int>, in keys: [String]) -> Bool {
    for key in keys where isKey(range, key) { return true }
    return false
  }

  // MARK: The whole

  /// Where the first line begins that is not blank.
  var start: Int {
    var (line, index) = (0, 0)
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 10 {
        line = index
      } else if byte != 32, byte != 9, byte != 13 {
        return line
      }
    }
    return bytes.count
  }

  /// Where the scissors line begins, below which nothing is part of the message; else the end.
  ///
  /// Few messages have a `>`, and it has its place in the line.
  var cut: Int {
    let place = 27
    var index = 0
    while let angle = bytes.position(of: UInt8(ascii: ">"), from: index, before: bytes.count) {
      let line = angle - place
      if line >= 0, bytes[line] == comment, line == 0 || bytes[line - 1] == 10,
        has(" ------------------------ >8 ------------------------\n", at: line + 1, before: bytes.count)
      {
        return line
      }
      index = angle + 1
    }
    return bytes.count
  }

  /// Where the message ends for one who looks for trailers: above the scissors line, and above the
  /// comments, the empty lines and the old list of conflicts at the end.
  func ignoredTail(from cut: Int) -> Int {
    var (end, line) = (cut, cut)
    var paths = false
    while line > 0 {
      line = lastLine(before: line)
      if bytes[line] == comment || bytes[line] == 10 {
        if !paths { end = line }
      } else if has("Conflicts:\n", at: line, before: bytes.count) {
        paths = false
        end = line
      } else if bytes[line] == 9 {
        // A path when `Conflicts:` stands above, else the folded rest of a trailer.
        paths = true
      } else {
        break
      }
    }
    return end
  }
}
