package import OrchCore

extension CommitMessage {
  /// What stamping did.
  package struct Stamp: Hashable, Sendable {
    /// The trailers that were added.
    package var added: [Trailer] = []
    /// The trailers that were not added, because the message has others in their place.
    package var kept: [Difference] = []
  }

  /// A trailer that was not added, because the message has another value.
  package struct Difference: Hashable, Sendable {
    package var given: Trailer
    /// The trailer that the message has and keeps.
    package var present: Trailer
  }

  /// Adds trailers, each to be found by git in the commit that is made of this message.
  ///
  /// They join the block of trailers at the end; where there is none, which prose beside them makes
  /// so, they become a paragraph of their own. A trailer that stands there is not repeated, and a
  /// key that stands there with another value keeps it; one without a value counts as absent. A
  /// lease and an event are about their task: they stay away from a message that names another.
  ///
  /// - Throws: ``TrailerError``; the message is then as it was.
  @discardableResult
  package mutating func stamp(_ trailers: [Trailer]) throws(TrailerError) -> Stamp {
    var given: [Trailer] = []
    for trailer in trailers { given.append(try checked(trailer)) }
    guard !bytes.contains(0) else { throw .messageHoldsNUL }
    guard hasText else { throw .noText }

    let (end, present) = remaining().withUnsafeBufferPointer { bytes -> (Int?, [Trailer]) in
      let lines = MessageLines(bytes, comment: comment)
      guard let block = lines.block() else { return (nil, []) }
      return (lastTrailer(lines, in: block), lines.trailers(in: block, keys: nil))
    }
    let stamp = Self.compare(given, with: present)
    if !stamp.added.isEmpty { insert(stamp.added, afterRemaining: end) }
    return stamp
  }

  /// The trailer as it is written: without spaces around its value.
  private func checked(_ trailer: Trailer) throws(TrailerError) -> Trailer {
    let key = trailer.key
    guard
      let first = key.utf8.first, 65...90 ~= first || 97...122 ~= first,
      key.utf8.allSatisfy({ 65...90 ~= $0 || 97...122 ~= $0 || 48...57 ~= $0 || $0 == 45 })
    else { throw .notAKey(key) }
    guard first != comment else { throw .keyIsComment(key) }
    let scalars = trailer.value.unicodeScalars
    guard !scalars.allSatisfy({ $0 == " " || $0.properties.isDefaultIgnorableCodePoint }) else { throw .noValue(key) }
    for scalar in scalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: throw .controlCharacter(key)
      default: break
      }
    }
    guard let start = scalars.firstIndex(where: { $0 != " " }), let last = scalars.lastIndex(where: { $0 != " " })
    else { throw .noValue(key) }
    return Trailer(key, String(scalars[start...last]))
  }

  private static func compare(_ given: [Trailer], with present: [Trailer]) -> Stamp {
    var stamp = Stamp()
    for trailer in given {
      let same = present.filter { $0.key.isSameKey(as: trailer.key) && !$0.value.isEmpty }
      let isThere = (same + stamp.added).contains {
        $0.key.isSameKey(as: trailer.key) && $0.value.utf8.elementsEqual(trailer.value.utf8)
      }
      if isThere { continue }
      if let other = same.first ?? otherTask(than: given, for: trailer, in: present) {
        stamp.kept.append(Difference(given: trailer, present: other))
      } else {
        stamp.added.append(trailer)
      }
    }
    return stamp
  }

  /// For a lease or an event, the other task that the message names.
  private static func otherTask(than given: [Trailer], for trailer: Trailer, in present: [Trailer]) -> Trailer? {
    guard [.lease, .event].contains(LineageKey(trailer.key)) else { return nil }
    let tasks = present.filter { LineageKey($0.key) == .task && !$0.value.isEmpty }
    let names = given.filter { LineageKey($0.key) == .task }.map(\.value)
    return tasks.contains { names.contains($0.value) } ? nil : tasks.first
  }

  /// The message that git will read trailers in: a comment between a trailer and its folded rest
  /// is gone then, a title may have become another, and lines end where their text does.
  private func remaining() -> [UInt8] {
    guard cleanup == .strip else { return bytes }
    return read { lines in
      let cut = lines.cut
      var remaining: [UInt8] = []
      remaining.reserveCapacity(cut)
      var line = 0
      while line < cut {
        if let kept = kept(line, lines) {
          remaining.append(contentsOf: lines.bytes[kept])
          remaining.append(10)
        }
        line = lines.nextLine(line, before: cut)
      }
      return remaining
    }
  }

  /// Of a line without its end what remains; nil of a comment.
  private func kept(_ line: Int, _ lines: MessageLines) -> Range<Int>? {
    if lines.isComment(line, before: lines.bytes.count) { return nil }
    var end = lines.lineEnd(line, before: lines.bytes.count)
    while end > line, MessageLines.isSpace(lines.bytes[end - 1]) { end -= 1 }
    return line..<end
  }

  /// Where the line ends in the file that ends at `end` of what remains.
  private func position(_ end: Int, _ lines: MessageLines) -> Int {
    guard cleanup == .strip else { return end }
    var (line, left) = (0, end)
    while left > 0 {
      left -= kept(line, lines).map { $0.count + 1 } ?? 0
      line = lines.nextLine(line, before: lines.bytes.count)
    }
    return line
  }

  /// Adds lines to the block of which the last trailer ends at `block` in what remains, or as a
  /// paragraph of their own.
  private mutating func insert(_ trailers: [Trailer], afterRemaining block: Int?) {
    let (end, newline, isFollowed, needsGap) = read { (lines) -> (Int, [UInt8], Bool, Bool) in
      let end = block.map { position($0, lines) } ?? textRange(lines)?.upperBound ?? 0
      let first = lines.lineEnd(0, before: lines.bytes.count)
      let newline: [UInt8] = first > 0 && first < lines.bytes.count && lines.bytes[first - 1] == 13 ? [13, 10] : [10]
      let next = lines.skipBlank(end, before: lines.bytes.count)
      return (end, newline, next < lines.bytes.count, next == end && block == nil)
    }
    var added: [UInt8] = []
    if bytes[end - 1] != 10 { added += newline }
    if block == nil { added += newline }
    for trailer in trailers {
      added += trailer.key.utf8
      added += ": ".utf8
      added += trailer.value.utf8
      added += newline
    }
    if isFollowed {
      if needsGap { added += newline }
      bytes.insert(contentsOf: added, at: end)
    } else {
      // Blank lines at the end are nobody's.
      bytes.replaceSubrange(end..., with: added)
    }
  }

  /// Where the last line of a block ends that is neither blank nor a comment.
  private func lastTrailer(_ lines: MessageLines, in block: Range<Int>) -> Int {
    var end = block.upperBound
    while end > block.lowerBound {
      let line = lines.lastLine(before: end)
      if !lines.isBlank(line, before: end), !lines.isComment(line, before: end) { return end }
      end = line
    }
    return end
  }
}

/// Why trailers are not added to a message. The refused value is never part of it.
package enum TrailerError: Error, Hashable, Sendable {
  /// A key is ASCII letters, digits and `-`, a letter first.
  case notAKey(String)
  /// The key begins with the character of comments: the line would be removed.
  case keyIsComment(String)
  case noValue(_ key: String)
  /// A line break, which would forge another trailer, or another control character.
  case controlCharacter(_ key: String)
  /// The message has no text: the trailers would be its title.
  case noText
  /// git takes no such message.
  case messageHoldsNUL
}

extension TrailerError {
  package var message: Message {
    switch self {
    case .notAKey: .trailerName
    case .keyIsComment(let key): .trailerComment(key: key)
    case .noValue(let key): .trailerNoValue(key: key)
    case .controlCharacter(let key): .trailerControl(key: key)
    case .noText: .trailerNoText
    case .messageHoldsNUL: .trailerNul
    }
  }
}
