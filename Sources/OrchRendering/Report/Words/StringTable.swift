import Templates

/// The words of a report in one language: lines `key = text` of a table beside the templates.
///
/// In a text `{name}` is a place to fill; in Korean `{name|이/가}` adds the particle that fits what was filled in. What is
/// filled in is not read again.
struct StringTable: Sendable {
  private let texts: [String: [Part]]

  private enum Part: Sendable {
    case literal(String)
    case place(String, KoreanParticle?)
  }

  /// The table of a language; lines of the user's own stand for those that are built in.
  ///
  /// - Throws: `TemplateError` where a line of the user's cannot be read, is of no known key or fills another place than
  ///   the line it stands for; `UnreadableTemplate`.
  init(_ language: Reader.Language, overridesIn directory: String?) throws {
    let name = "report.\(language.rawValue).txt"
    let builtIn = Templates.file(name) ?? []
    var texts: [String: [Part]] = [:]
    for line in try Self.lines(builtIn, name) { texts[line.key] = line.parts }
    if let own = try Templates.load(name, overridesIn: directory), own != builtIn {
      let file = directory.map { "\($0)/\(name)" } ?? name
      for line in try Self.lines(own, file) {
        guard let known = texts[line.key] else {
          throw TemplateError(file: file, line: line.number, "nothing is called \(Terminal.escaped(line.key))")
        }
        let places = Self.places(known)
        if let other = Self.places(line.parts).subtracting(places).min() {
          throw TemplateError(file: file, line: line.number, "{\(Terminal.escaped(other))} is not filled here")
        }
        texts[line.key] = line.parts
      }
    }
    self.texts = texts
  }

  /// The keys of the table, sorted.
  var keys: [String] { texts.keys.sorted() }

  func has(_ key: String) -> Bool { texts[key] != nil }

  /// The text of a key, its places filled.
  func callAsFunction(_ key: String, _ places: KeyValuePairs<String, String> = [:]) -> String {
    guard let parts = texts[key] else { return key }
    var text = ""
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .place(let name, let particle):
        let value = places.first { $0.key == name }?.value ?? ""
        text += value
        if let particle { text += particle.form(after: value) }
      }
    }
    return text
  }

  /// For templates: every text without places, under `words`, a dash for each dot of its key.
  var value: TemplateValue {
    var members: [String: TemplateValue] = [:]
    for (key, parts) in texts where Self.places(parts).isEmpty {
      members[String(key.map { $0 == "." ? "-" : $0 })] = .text(self(key))
    }
    return .object(members)
  }

  // MARK: Reading

  private static func lines(
    _ bytes: [UInt8], _ file: String
  ) throws(TemplateError) -> [(key: String, parts: [Part], number: Int)] {
    var lines: [(key: String, parts: [Part], number: Int)] = []
    let rows = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, row) in rows.enumerated() {
      let line = trimmed(Substring(decoding: row, as: UTF8.self))
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      guard let equals = line.firstIndex(of: "=") else {
        throw TemplateError(file: file, line: index + 1, "no = stands between a key and its text")
      }
      let key = trimmed(line[..<equals])
      let text = trimmed(line[line.index(after: equals)...])
      guard let parts = parts(text) else {
        throw TemplateError(file: file, line: index + 1, "{ without }, or no two forms of a particle after |")
      }
      lines.append((String(key), parts, index + 1))
    }
    return lines
  }

  /// Nil where a place is not closed or its particle has not two forms.
  private static func parts(_ text: Substring) -> [Part]? {
    var parts: [Part] = []
    var rest = text
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else { return nil }
      if open > rest.startIndex { parts.append(.literal(String(rest[..<open]))) }
      let place = rest[rest.index(after: open)..<close].split(separator: "|", omittingEmptySubsequences: false)
      guard place.count <= 2, !place[0].isEmpty else { return nil }
      var particle: KoreanParticle?
      if place.count == 2 {
        particle = KoreanParticle(place[1])
        guard particle != nil else { return nil }
      }
      parts.append(.place(String(place[0]), particle))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.literal(String(rest))) }
    return parts
  }

  private static func places(_ parts: [Part]) -> Set<String> {
    Set(parts.compactMap { if case .place(let name, _) = $0 { name } else { nil } })
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" || last == "\r" || last == "\r\n" { text.removeLast() }
    return text
  }
}
