@testable import OrchRendering
import OrchCore
import OrchTestSupport
import Testing

@Suite("String tables")
struct StringTableTests {
  private func table(_ text: String, _ language: Language = .english) -> StringTable {
    StringTable(language, bytes: Array(text.utf8))
  }

  @Test func `a place is filled once, and what fills it is not read again`() {
    let table = table("a = {x} and {y}, {x}\n")
    #expect(table.text(Message("a", [.init("x", "{y}"), .init("y", 2)])) == "{y} and 2, {y}")
    #expect(table.text(Message("a", [.init("x", Message("a", []))])) == " and ,  and ,  and , ")
  }

  @Test func `a Korean particle goes by what fills the place`() throws {
    let table = table("a = {who|이/가} {oid|으로/로}")
    #expect(table.text(Message("a", [.init("who", "집재규"), .init("oid", "b81c0d2e37")])) == "집재규가 b81c0d2e37로")
    #expect(table.text(Message("a", [.init("who", "검토담당"), .init("oid", "3")])) == "검토담당이 3으로")
  }

  /// The form after a consonant comes first. The two look alike, so the pairs that the table uses are listed.
  @Test func `the particles of the Korean texts have their forms in order`() throws {
    let path = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Templates/text.ko.txt"
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    let pairs = text.matches(of: /\{[A-Za-z]+\|([^}]+)\}/).map { String($0.1) }
    #expect(pairs.count > 200)
    let known: Set = ["이/가", "은/는", "을/를", "과/와", "으로/로", "이나/나", "이라는/라는"]
    #expect(Set(pairs).subtracting(known) == [])
  }

  @Test func `a count chooses the form by the rule of the language`() throws {
    let one = table("language.plurals = one other\nfile.one = a file\nfile.other = {count} files\n")
    let none = table("language.plurals = other\nfile.other = {count}개\n")
    for (count, english, korean) in [(0, "0 files", "0개"), (1, "a file", "1개"), (2, "2 files", "2개")] {
      #expect(one.text(Message("file", [.init("count", count)], count: count)) == english)
      #expect(none.text(Message("file", [.init("count", count)], count: count)) == korean)
    }
  }

  @Test func `comments, sections and empty lines are no texts, and a backslash continues a line`() throws {
    let text = "# a = comment\r\n\n[Module]\na = one \\\n  two\\\n\tthree\n\nb = #1 = x  \n c = indented\n"
    #expect(table(text).text("a") == "one two three")
    #expect(table(text).text("b") == "#1 = x")
    #expect(table(text).text("[Module]") == nil)
    let lines = try StringTableLine.all(Array(text.utf8), file: "x")
    #expect(lines.map(\.key) == ["a", "b", "c"] && lines.map(\.number) == [4, 8, 9])
  }

  @Test func `of two lines with one key the first counts, however many there are`() {
    let text = (0..<5000).map { "key.\($0 % 2500) = \($0)\n" }.joined()
    let table = table(text)
    for number in [2499, 0, 17, 1234] { #expect(table.text("key.\(number)") == String(number)) }
    #expect(table.text("key.2500") == nil && table.text("key") == nil && table.text("") == nil)
  }

  @Test func `what a language lacks is said in English`() throws {
    let message = Message.ageSample
    #expect(table("", try #require(Language("ko", overridesIn: nil))).text(message) == "5 min ago")
    #expect(StringTable().text(Message("no.such.key", [])) == "no.such.key")
  }

  // MARK: The tables that are built in

  @Test(arguments: Language.builtIn) func `a language has the texts of English, with their places`(
    language: Language
  ) throws {
    let table = try StringTable(language)
    let english = StringTable().lines()
    let lines = table.lines()
    #expect(Set(lines.map(\.key)).count == lines.count, "a key stands twice")
    #expect(table.contents.last == UInt8(ascii: "\n"))
    let forms = PluralRule(table.text("language.plurals")) == .one ? ["one", "other"] : ["other"]
    func places(_ lines: [StringTableLine]) -> [String: Set<String>] {
      var places: [String: Set<String>] = [:]
      for line in lines {
        let name = line.key.split(separator: ".").last.map(String.init) ?? ""
        let isForm = name == "one" || name == "other"
        let base = isForm ? String(line.key.dropLast(name.count + 1)) : line.key
        #expect(!isForm || forms.contains(name), "\(line.key) is no form of this language")
        places[base, default: []].formUnion(line.places)
      }
      return places
    }
    let (expected, found) = (places(english.filter { !$0.key.hasSuffix(".one") }), places(lines))
    #expect(Set(found.keys).subtracting(expected.keys).sorted() == [], "not in English")
    #expect(Set(expected.keys).subtracting(found.keys).sorted() == [], "missing")
    for (key, places) in expected { #expect(found[key] == places, "\(key)") }
    for key in Set(lines.map(\.key)) where key.hasSuffix(".one") {
      #expect(lines.contains { $0.key == key.dropLast("one".count) + "other" }, "\(key)")
    }
    // All lines, and not only those before one that cannot be read.
    #expect(throws: Never.self) { try StringTableLine.all(table.contents, file: language.file) }
  }

  @Test func `every text of a module is used`() throws {
    let root = String(#filePath.dropLast("/Tests/OrchRenderingTests/StringTableTests.swift".count))
    let words = try self.words(inSwiftFilesOf: "\(root)/Sources")
    var module = ""
    for line in String(decoding: StringTable().contents, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("[") { module = String(line.dropFirst().dropLast()) }
      guard module.hasPrefix("Orch"), line.first?.isLetter == true, line.contains(" = ") else { continue }
      let key = line.prefix { $0 != " " }
      let base = key.hasSuffix(".one") ? key.dropLast(4) : key.hasSuffix(".other") ? key.dropLast(6) : key
      let parts = base.split { $0 == "." || $0 == "-" }
      let name = parts[0] + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      #expect(words.contains(name[...]), "\(key) is not used")
    }
  }

  private func words(inSwiftFilesOf directory: String) throws -> Set<Substring> {
    var words: Set<Substring> = []
    for name in Files.names(in: directory) {
      let path = "\(directory)/\(name)"
      if name.hasSuffix(".swift") {
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        words.formUnion(text.split { !$0.isLetter && !$0.isNumber })
      } else if !name.contains(".") {
        words.formUnion(try self.words(inSwiftFilesOf: path))
      }
    }
    return words
  }

  // MARK: The user's own texts

  @Test(arguments: [
    ("claim.attempt = {number}/{limit}", nil), ("claim.attemp = x", "nothing is called claim.attemp"),
    ("claim.attempt = {nope}", "{nope} is not filled here")
  ]) func `a user's language has keys and places of English alone`(line: String, problem: String?) throws {
    let home = Files.makeScratch()
    defer { Files.remove(home) }
    try Files.write("# mine\n\(line)\n", to: "\(home)/text.ja.txt")
    let japanese = try #require(Language("ja", overridesIn: home))
    do {
      _ = try StringTable(japanese, overridesIn: home)
      #expect(problem == nil)
    } catch let error as TemplateError {
      #expect(error.line == 2 && StringTable().text(error.problem) == problem)
    }
  }

  @Test func `a user's file replaces single texts of reports`() throws {
    let home = Files.makeScratch()
    defer { Files.remove(home) }
    try Files.write(
      "# mine\n\nneeds = Before\nneeds = For you = now\r\nreason.done = {count} ready\n", to: "\(home)/report.en.txt")
    let texts = try StringTable().withOwnReportTexts(in: home)
    #expect(texts.text("report.needs") == "For you = now")
    #expect(texts.text(.reportReasonDone(count: 2)) == "2 ready")
    #expect(texts.text("report.anchor") == "Anchor")
    guard case .object(let words) = texts.templateWords, case .text(let needs) = words["needs"] else {
      Issue.record("no words")
      return
    }
    #expect(needs == "For you = now" && words["last-action"] != nil && words["reason-done"] == nil)
  }

  @Test(arguments: [
    ("needs For you", 1, "no = stands between a key and its text"),
    ("\nneed.rewiew = x", 2, "nothing is called need.rewiew"),
    ("reason.done = {number}", 1, "{number} is not filled here"),
    ("a = b\\\nc\nreason.done = {count", 3, "{ without }, or no two forms of a particle after |"),
    ("reason.done = {count|가}", 1, "{ without }, or no two forms of a particle after |"),
    ("reason.done = {}", 1, "{ without }, or no two forms of a particle after |")
  ])
  func `a user's file that is wrong is refused with the line`(table: String, line: Int, problem: String) throws {
    let home = Files.makeScratch()
    defer { Files.remove(home) }
    try Files.write(table, to: "\(home)/report.en.txt")
    let error = #expect(throws: TemplateError.self) { try StringTable().withOwnReportTexts(in: home) }
    #expect(error?.message.english == "\(home)/report.en.txt:\(line): \(problem)")
  }

  @Test func `a user's file can add a language`() throws {
    let home = Files.makeScratch()
    defer { Files.remove(home) }
    #expect(Language("de", overridesIn: home) == nil)
    try Files.write("label.then = dann\n", to: "\(home)/text.de.txt")
    let german = try #require(Language("de_AT.UTF-8", overridesIn: home))
    let table = try StringTable(german, overridesIn: home)
    #expect(table.text(.labelThen) == "dann" && table.text(.labelAskedBy) == "asked by")
    try Files.write("label.then = {dann\n", to: "\(home)/text.de.txt")
    #expect(throws: TemplateError.self) { try StringTable(german, overridesIn: home) }
  }
}

extension Message {
  fileprivate static var ageSample: Message { .agoMinutes(count: 5) }
}
