package import OrchCore
import Templates

/// The texts of one language, by key.
///
/// A table is lines `key = text`. `#` begins a comment, `[` the section of a module, which only the build reads; a
/// backslash at the end of a line continues the text in the next. In a text `{name}` is a place; in Korean
/// `{name|이/가}` adds the particle that fits what fills it. What fills a place is not read again.
///
/// Lines are indexed from the first on, as far as the key that is looked up: a command that prints nothing reads nothing,
/// and a claim only the beginning of the file. Not thread-safe.
package final class StringTable {
  package let language: Language
  private let bytes: UnsafeBufferPointer<UInt8>
  private let isOwner: Bool
  private lazy var plurals = PluralRule(text("language.plurals"))

  /// The lines that are indexed, by a hash of their keys: offset plus 1, or 0 where there is none.
  private var slots: [UInt32] = []
  private var count = 0
  /// Where the next line to index begins.
  private var position = 0

  /// The table of a language.
  ///
  /// - Parameter directory: where the user's own templates are; a language that is not built in has its table there.
  /// - Throws: `TemplateError` for a line of that table that cannot be read, that English does not have or that has other
  ///   places than its text; `UnreadableTemplate`.
  package convenience init(_ language: Language, overridesIn directory: String? = nil) throws {
    if let builtIn = Templates.builtIn(language.file) {
      self.init(language, builtIn)
    } else {
      let file = directory.map { "\($0)/\(language.file)" } ?? language.file
      let bytes = try Templates.own(language.file, in: directory) ?? []
      try StringTable().check(try StringTableLine.all(bytes, file: file), file: file)
      self.init(language, bytes: bytes)
    }
  }

  /// The table of English, which is always there.
  package convenience init() { self.init(.english, Templates.builtIn(Language.english.file) ?? "") }

  /// A table of these bytes. Where two lines have one key, the first counts.
  init(_ language: Language, bytes: [UInt8]) {
    self.language = language
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = copy.initialize(from: bytes)
    self.bytes = UnsafeBufferPointer(copy)
    isOwner = true
  }

  private init(_ language: Language, _ literal: StaticString) {
    self.language = language
    bytes = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    isOwner = false
  }

  deinit {
    if isOwner { bytes.deallocate() }
  }

  /// The table as it is written.
  package var contents: [UInt8] { Array(bytes) }

  /// Its lines with a key, in order; up to the first that cannot be read.
  func lines() -> [StringTableLine] { (try? StringTableLine.all(contents, file: language.file)) ?? [] }

  /// Its keys, in order.
  package var keys: [String] { lines().map(\.key) }

  // MARK: Texts

  /// The text of a message, its places filled; in English where this language lacks it.
  package func text(_ message: Message) -> String {
    if let verbatim = message.verbatim { return verbatim }
    guard let text = find(message) else {
      return language == .english ? message.key : StringTable().text(message)
    }
    return filled(text, message.arguments)
  }

  /// What to do next: the command, or the text of the message.
  package func text(_ action: NextAction) -> String {
    switch action {
    case .command(let command): command.text
    case .text(let message): text(message)
    }
  }

  /// A text without places; nil where there is none of that key.
  package func text(_ key: String) -> String? { find(key).map { filled($0, []) } }

  private func find(_ message: Message) -> Range<Int>? {
    guard let count = message.count else { return find(message.key) }
    let form = plurals.form(count)
    return find("\(message.key).\(form)") ?? (form == .other ? nil : find("\(message.key).\(PluralRule.Form.other)"))
  }

  private func filled(_ text: Range<Int>, _ arguments: [Message.Argument]) -> String {
    var parts = TextParts(bytes, text)
    var filled = ""
    while let part = parts.next() {
      switch part {
      case .literal(let range): filled += string(range)
      case .space: filled += " "
      case .place(let name, let particle):
        let value = arguments.first { $0.name.utf8.elementsEqual(bytes[name]) }.map { self.value($0.value) } ?? ""
        filled += value
        if let particle { filled += KoreanParticle(string(particle))?.form(after: value) ?? "" }
      }
    }
    return filled
  }

  private func value(_ value: Message.Value) -> String {
    switch value {
    case .text(let text): text
    case .number(let number): String(number)
    case .message(let message): text(message)
    case .command(let command): command.text
    case .list(let messages): messages.map { text($0) }.joined(separator: ", ")
    }
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  // MARK: Index

  private func find(_ key: String) -> Range<Int>? {
    var key = key
    return key.withUTF8 { find($0) }
  }

  private func find(_ key: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    if slots.isEmpty { slots = [UInt32](repeating: 0, count: 1024) }
    var slot = Self.hash(key, key.indices) & (slots.count - 1)
    while slots[slot] != 0 {
      let start = Int(slots[slot]) - 1
      if hasKey(key, at: start) { return textOfLine(start) }
      slot = (slot + 1) & (slots.count - 1)
    }
    while let start = indexLine() {
      if hasKey(key, at: start) { return textOfLine(start) }
    }
    return nil
  }

  /// Indexes the next line with a key.
  ///
  /// - Returns: where it begins; nil at the end of the table.
  private func indexLine() -> Int? {
    while position < bytes.count {
      var start = position
      position = StringTableLine.end(bytes, start) + 1
      while start < bytes.count, StringTableLine.isBlank(bytes[start]) { start += 1 }
      switch start < bytes.count ? bytes[start] : UInt8(ascii: "#") {
      case UInt8(ascii: "#"), UInt8(ascii: "["), UInt8(ascii: "\n"): continue
      default:
        if count * 2 >= slots.count { grow() }
        insert(start)
        return start
      }
    }
    return nil
  }

  private func insert(_ start: Int) {
    var slot = Self.hash(bytes, start..<StringTableLine.keyEnd(bytes, start)) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(start + 1)
    count += 1
  }

  private func grow() {
    // In the order of the file, so that of two lines with one key the first is found.
    let lines = slots.filter { $0 != 0 }.sorted()
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    count = 0
    for line in lines { insert(Int(line) - 1) }
  }

  private func hasKey(_ key: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    let end = start + key.count
    guard end < bytes.count, StringTableLine.keyEnd(bytes, end) == end else { return false }
    for index in key.indices where key[index] != bytes[start + index] { return false }
    return true
  }

  private func textOfLine(_ start: Int) -> Range<Int> {
    StringTableLine.text(bytes, start, StringTableLine.end(bytes, start))
  }

  /// FNV-1a.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    var hash: UInt32 = 2_166_136_261
    for index in range { hash = (hash ^ UInt32(bytes[index])) &* 16_777_619 }
    return Int(hash)
  }
}
