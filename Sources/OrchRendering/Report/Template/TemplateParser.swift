import OrchCore

/// Reads the nodes of a template off its bytes, front to back, once.
struct TemplateParser {
  private let bytes: [UInt8]
  private let name: String
  private var position = 0
  private var line = 1
  /// Where the line begins that `position` stands in.
  private var lineStart = 0

  init(bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
  }

  mutating func nodes() throws(TemplateError) -> [Template.Node] { try nodes(in: nil, depth: 0) }

  /// The nodes up to the end of the section, or of the text.
  private mutating func nodes(in section: Template.Path?, depth: Int) throws(TemplateError) -> [Template.Node] {
    guard depth <= Template.deepest else { throw error(.templateTooDeep(limit: Template.deepest)) }
    var nodes: [Template.Node] = []
    var literalStart = position
    while position < bytes.count {
      guard isAt("{{") else {
        advance()
        continue
      }
      let start = position
      let tagLineStart = lineStart
      let tag = try tag()
      let isAlone = tag.kind != .value && standsAlone(from: start, lineStart: tagLineStart)
      let literal = bytes[literalStart..<(isAlone ? max(literalStart, tagLineStart) : start)]
      if !literal.isEmpty { nodes.append(.literal(literal)) }
      if isAlone { skipLine() }
      switch tag.kind {
      case .comment: break
      case .value: nodes.append(.value(tag.path))
      case .section, .inverted:
        let inner = try self.nodes(in: tag.path, depth: depth + 1)
        nodes.append(.section(tag.path, isInverted: tag.kind == .inverted, inner))
      case .end:
        guard let section else { throw error(.templateEndsNothing(tag: "{{/\(tag.path.text)}}"), at: tag.path.line) }
        guard section.names == tag.path.names else {
          throw error(
            .templateEndsOther(tag: "{{/\(tag.path.text)}}", expected: "{{/\(section.text)}}"), at: tag.path.line)
        }
        return nodes
      }
      literalStart = position
    }
    if let section { throw error(.templateNoEnd(tag: "{{#\(section.text)}}"), at: section.line) }
    if literalStart < bytes.count { nodes.append(.literal(bytes[literalStart...])) }
    return nodes
  }

  // MARK: Tags

  private enum Kind {
    case value, section, inverted, end, comment
  }

  /// The tag that begins here.
  private mutating func tag() throws(TemplateError) -> (kind: Kind, path: Template.Path) {
    let first = line
    position += 2
    let kind: Kind
    switch position < bytes.count ? bytes[position] : 0 {
    case UInt8(ascii: "#"): kind = .section
    case UInt8(ascii: "^"): kind = .inverted
    case UInt8(ascii: "/"): kind = .end
    case UInt8(ascii: "!"): kind = .comment
    case UInt8(ascii: "{"), UInt8(ascii: "&"): throw error(.templateUnescaped)
    case UInt8(ascii: ">"): throw error(.templatePartials)
    case UInt8(ascii: "="): throw error(.templateDelimiters)
    default: kind = .value
    }
    if kind != .value { position += 1 }
    let start = position
    while position < bytes.count, !isAt("}}") { advance() }
    guard position < bytes.count else { throw error(.templateUnclosed(tag: "{{", end: "}}"), at: first) }
    let content = bytes[start..<position]
    position += 2
    return (kind, kind == .comment ? Template.Path(names: [], line: first) : try path(content, at: first))
  }

  private func path(_ content: ArraySlice<UInt8>, at line: Int) throws(TemplateError) -> Template.Path {
    let blank = UInt8(ascii: " ")
    var content = content
    while content.first == blank { content.removeFirst() }
    while content.last == blank { content.removeLast() }
    if content.elementsEqual([UInt8(ascii: ".")]) { return Template.Path(names: [], line: line) }
    var names: [String] = []
    for part in content.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard !part.isEmpty, part.allSatisfy({ Self.isOfName($0) }) else {
        throw error(.templateNoName(text: Terminal.escaped(String(decoding: content, as: UTF8.self))), at: line)
      }
      names.append(String(decoding: part, as: UTF8.self))
    }
    return Template.Path(names: names, line: line)
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  // MARK: Lines

  private func isAt(_ text: StaticString) -> Bool {
    position + 1 < bytes.count && bytes[position] == text.utf8Start[0] && bytes[position + 1] == text.utf8Start[1]
  }

  private mutating func advance() {
    if bytes[position] == UInt8(ascii: "\n") {
      line += 1
      lineStart = position + 1
    }
    position += 1
  }

  /// Whether only blanks stand in its line before the tag that began at `start`, and only blanks after it.
  private func standsAlone(from start: Int, lineStart: Int) -> Bool {
    guard bytes[lineStart..<start].allSatisfy({ Self.isBlank($0) }) else { return false }
    var after = position
    while after < bytes.count, Self.isBlank(bytes[after]) { after += 1 }
    return after == bytes.count || bytes[after] == UInt8(ascii: "\n")
  }

  private mutating func skipLine() {
    while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
    if position < bytes.count { advance() }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  private func error(_ problem: Message, at line: Int? = nil) -> TemplateError {
    TemplateError(file: name, line: line ?? self.line, problem)
  }
}
