/// The trailers of a commit's message, read by git's own rules.
///
/// `git log --format='%(trailers:only,unfold)'` is the measure, with these differences:
/// * a key that the configuration names counts only when it is given in full, while git takes the
///   beginning of one as well;
/// * no key is ever spelled as the configuration spells it;
/// * only `:` separates a key from its value, whatever `trailer.separators` says.
///
/// A message may be in any encoding. What is not UTF-8 in a value reads as U+FFFD, which no
/// identifier has: such a value is shown, and names nothing.
package enum Trailers {
  /// The trailers of the last paragraph, in their order; none when that is the title, or prose.
  ///
  /// A message without trailers costs a look at its last paragraph and no memory.
  ///
  /// - Parameters:
  ///   - keys: Returns these only, without regard to case. They do not make a block of what is none
  ///     for git.
  ///   - configured: Keys of `trailer.<name>.key`: as with `Signed-off-by`, a paragraph that has
  ///     one of them is a block when a quarter of its lines are trailers.
  ///   - comment: The first byte of a comment line: `core.commentChar`.
  package static func read(
    _ message: UnsafeBufferPointer<UInt8>, keys: [String]? = nil, configured: [String] = [],
    comment: UInt8 = UInt8(ascii: "#")
  ) -> [Trailer] {
    let lines = MessageLines(message, comment: comment)
    guard let block = lines.block(configured: configured) else { return [] }
    return lines.trailers(in: block, keys: keys)
  }

  package static func read(
    _ message: [UInt8], keys: [String]? = nil, configured: [String] = [], comment: UInt8 = UInt8(ascii: "#")
  ) -> [Trailer] {
    message.withUnsafeBufferPointer { read($0, keys: keys, configured: configured, comment: comment) }
  }

  /// What a forge's squash leaves of the commits that it made one: the trailers of each paragraph
  /// between the title's and the last one in which every line is a trailer and one has a key of
  /// `keys`. Only trailers with these keys are returned.
  ///
  /// Each paragraph is a group of its own, as each tells of another commit. A paragraph that is
  /// indented or a list is prose.
  package static func inner(
    _ message: UnsafeBufferPointer<UInt8>, keys: [String] = LineageKey.names, comment: UInt8 = UInt8(ascii: "#")
  ) -> [[Trailer]] {
    let lines = MessageLines(message, comment: comment)
    // A last paragraph of trailers only is a block, so that what is above has none but inner ones.
    let end = lines.block()?.lowerBound ?? lines.ignoredTail(from: lines.cut)
    var groups: [[Trailer]] = []
    var isTitle = true
    var line = lines.start
    while line < end {
      let paragraph = lines.paragraph(line, before: end)
      if !isTitle, paragraph.isTrailers {
        let group = lines.trailers(in: line..<paragraph.end, keys: keys)
        if !group.isEmpty { groups.append(group) }
      }
      isTitle = false
      line = lines.skipBlank(paragraph.end, before: end)
    }
    return groups
  }

  package static func inner(
    _ message: [UInt8], keys: [String] = LineageKey.names, comment: UInt8 = UInt8(ascii: "#")
  ) -> [[Trailer]] {
    message.withUnsafeBufferPointer { inner($0, keys: keys, comment: comment) }
  }
}

extension MessageLines {
  /// The lines of the last paragraph when it is a block of trailers, with the blank lines and the
  /// comments that follow it.
  ///
  /// It is one when all lines are trailers, or when git has written one of them, or a configured
  /// key stands there, and a quarter of them are.
  func block(configured: [String] = []) -> Range<Int>? {
    let first = start
    guard first < bytes.count else { return nil }
    let end = ignoredTail(from: cut)
    var line = end
    var (trailers, others, folded) = (0, 0, 0)
    var (recognized, begun) = (false, false)
    while line > first {
      let next = line
      line = lastLine(before: line)
      if bytes[line] == comment {
        others += folded
        folded = 0
      } else if isBlank(line, before: end) {
        if !begun { continue }
        others += folded
        let counts = recognized ? trailers * 3 >= others : trailers > 0 && others == 0
        return counts ? next..<end : nil
      } else if isGenerated(line, before: end) {
        begun = true
        recognized = true
        trailers += 1
        folded = 0
      } else if let colon = separator(line, before: end) {
        begun = true
        trailers += 1
        folded = 0
        if !recognized, !configured.isEmpty {
          recognized = isKey(line..<colon, in: configured)
        }
      } else if Self.isSpace(bytes[line]) {
        begun = true
        folded += 1
      } else {
        begun = true
        others += 1 + folded
        folded = 0
      }
    }
    // The first paragraph is the title.
    return nil
  }

  /// The trailers among the lines of a block.
  func trailers(in block: Range<Int>, keys: [String]?) -> [Trailer] {
    var found: [Trailer] = []
    var line = block.lowerBound
    while line < block.upperBound {
      var next = nextLine(line, before: block.upperBound)
      guard let colon = separator(line, before: block.upperBound) else {
        line = next
        continue
      }
      while next < block.upperBound, Self.isSpace(bytes[next]) { next = nextLine(next, before: block.upperBound) }
      let key = trimmed(line..<colon)
      if bytes[line] != comment, keys.map({ isKey(key, in: $0) }) ?? true {
        found.append(Trailer(text(key), unfolded(trimmed(colon + 1..<next))))
      }
      line = next
    }
    return found
  }

  /// Where the paragraph at `start` ends, and whether it is made of trailers, and comments, only.
  func paragraph(_ start: Int, before end: Int) -> (end: Int, isTrailers: Bool) {
    var line = start
    var (isTrailers, mayFold) = (true, false)
    while line < end, !isBlank(line, before: end) {
      if isTrailers {
        if bytes[line] == comment {
          mayFold = false
        } else if isGenerated(line, before: end) || separator(line, before: end) != nil {
          mayFold = true
        } else {
          isTrailers = mayFold && Self.isSpace(bytes[line])
        }
      }
      line = nextLine(line, before: end)
    }
    return (line, isTrailers)
  }

  /// Where the next line begins that is not blank.
  func skipBlank(_ start: Int, before end: Int) -> Int {
    var line = start
    while line < end, isBlank(line, before: end) { line = nextLine(line, before: end) }
    return line
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  /// A value in one line: each line break, with the white space after it, is one space.
  private func unfolded(_ range: Range<Int>) -> String {
    guard lineEnd(range.lowerBound, before: range.upperBound) < range.upperBound else { return text(range) }
    var value: [UInt8] = []
    value.reserveCapacity(range.count)
    var line = range.lowerBound
    while line < range.upperBound {
      let end = lineEnd(line, before: range.upperBound)
      value.append(contentsOf: bytes[line..<end])
      line = end
      if line < range.upperBound { value.append(32) }
      while line < range.upperBound, Self.isSpace(bytes[line]) { line += 1 }
    }
    return String(decoding: value, as: UTF8.self)
  }
}
