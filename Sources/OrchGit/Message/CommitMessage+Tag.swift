package import OrchCore

extension CommitMessage {
  /// What tagging did.
  package enum Tagging: Hashable, Sendable {
    case added
    /// The subject has the agent's tag.
    case present
    /// The subject has another agent's tag, and keeps it.
    case other(String)
    /// A `fixup!`, `squash!` or `amend!`, which must repeat another commit's subject and no more.
    case exempt
    case noText
  }

  /// The agent whose tag ends the subject, as in `feat: x (company-agent)`, which a forge's number
  /// may follow: `feat: x (company-agent) (#12)`.
  ///
  /// Only an identifier is a tag, so that `(see below)` and the call `run(x)` are none.
  package var subjectTag: String? { read { tag(in: titleLines($0), $0)?.agent } }

  /// Ends the subject in the agent's tag, before a forge's number, unless a tag is there.
  ///
  /// - Throws: ``TextError`` when the agent is no identifier.
  @discardableResult
  package mutating func tagSubject(_ agent: String) throws(TextError) -> Tagging {
    let agent = try Identifier.check(agent)
    guard hasText else { return .noText }
    let (tagging, place) = read { self.tagging(agent, $0) }
    if let place { bytes.replaceSubrange(place, with: Array(" (\(agent))".utf8)) }
    return tagging
  }

  /// Whether this is a `fixup!`, `squash!` or `amend!`.
  package var isAutosquash: Bool { read { isAutosquash(titleLines($0), $0) } }

  private func isAutosquash(_ title: [Range<Int>], _ lines: MessageLines) -> Bool {
    guard let first = title.first else { return false }
    return lines.has("fixup! ", at: first.lowerBound, before: first.upperBound)
      || lines.has("squash! ", at: first.lowerBound, before: first.upperBound)
      || lines.has("amend! ", at: first.lowerBound, before: first.upperBound)
  }

  private func tagging(_ agent: String, _ lines: MessageLines) -> (Tagging, Range<Int>?) {
    let title = titleLines(lines)
    guard let last = title.last else { return (.noText, nil) }
    if isAutosquash(title, lines) { return (.exempt, nil) }
    if let tag = tag(in: title, lines) { return (tag.agent == agent ? .present : .other(tag.agent), nil) }
    var end = withoutNumbers(last, lines)
    // A subject that is but a number.
    if end == last.lowerBound { end = last.upperBound }
    // White space at the line's end would follow the tag.
    let rest = end == last.upperBound ? lines.trailingSpace(end) : end
    return (.added, end..<rest)
  }

  private func tag(in title: [Range<Int>], _ lines: MessageLines) -> (agent: String, start: Int)? {
    guard let last = title.last else { return nil }
    let end = withoutNumbers(last, lines)
    guard
      end > last.lowerBound, lines.bytes[end - 1] == UInt8(ascii: ")"),
      let open = lines.bytes[last.lowerBound..<end].lastIndex(of: UInt8(ascii: "(")),
      // Something is tagged, and a space is between.
      open == last.lowerBound ? title.count > 1 : MessageLines.isSpace(lines.bytes[open - 1]),
      let agent = identifier(lines.text(open + 1..<end - 1))
    else { return nil }
    return (agent, open)
  }

  /// Where the line ends without the numbers that a forge appends: ` (#12)`.
  private func withoutNumbers(_ line: Range<Int>, _ lines: MessageLines) -> Int {
    var end = line.upperBound
    while true {
      var index = end
      guard index > line.lowerBound, lines.bytes[index - 1] == UInt8(ascii: ")") else { return end }
      index -= 1
      let digits = index
      while index > line.lowerBound, 48...57 ~= lines.bytes[index - 1] { index -= 1 }
      guard index < digits, index - 2 >= line.lowerBound, lines.has("(#", at: index - 2, before: digits)
      else { return end }
      let rest = lines.trimmed(line.lowerBound..<index - 2).upperBound
      guard rest < index - 2 || rest == line.lowerBound else { return end }
      end = rest
    }
  }
}

extension MessageLines {
  /// Where the spaces and tabs end that begin at `start`; a line's end is not one of them.
  func trailingSpace(_ start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] == 32 || bytes[index] == 9 { index += 1 }
    return index
  }
}
