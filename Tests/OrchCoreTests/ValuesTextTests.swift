import OrchCore
import OrchTestSupport
import Testing

@Suite("Identifiers and texts")
struct ValuesTextTests {
  @Test(arguments: [
    "a", "7", "t-7k2f9q3h", "company-agent", "project:orch", "a.b_c-d:e/f@g", "한국어-작업", "Ünïcode",
    "٣-arabic-digit", "日本語", "क्षि", "x\u{20DD}"
  ])
  func `takes identifiers`(text: String) throws {
    #expect(try Array(Identifier.check(text).utf8) == Array(text.nfc.utf8))
  }

  @Test(
    arguments: [
      ("", .emptyIdentifier),
      ("-a", .identifierStart("-")),
      ("_", .identifierStart("_")),
      (".hidden", .identifierStart(".")),
      ("/root", .identifierStart("/")),
      ("\u{301}a", .identifierStart("\u{301}")),
      ("a b", .identifierCharacter(" ")),
      ("a\n", .identifierCharacter("\n")),
      ("a\u{0}", .identifierCharacter("\u{0}")),
      ("a\u{1B}[0m", .identifierCharacter("\u{1B}")),
      ("a,b", .identifierCharacter(",")),
      ("a\u{37E}", .identifierCharacter(";")),
      ("½", .identifierCharacter("½")),
      ("aⅫ", .identifierCharacter("Ⅻ")),
      ("a😀", .identifierCharacter("😀")),
      ("a\u{200D}b", .identifierCharacter("\u{200D}")),
      ("a\u{202E}b", .identifierCharacter("\u{202E}")),
      ("a\u{E000}", .identifierCharacter("\u{E000}")),
      ("a‐b", .identifierCharacter("‐"))
    ] as [(String, TextError)])
  func `refuses identifiers`(text: String, expected: TextError) {
    #expect(throws: expected) { try Identifier.check(text) }
  }

  @Test func `counts scalars in NFC`() throws {
    #expect(try Identifier.check(String(repeating: "a", count: 128)).utf8.count == 128)
    #expect(throws: TextError.identifierTooLong) {
      try Identifier.check(String(repeating: "a", count: 129))
    }
    // 128 syllables of three jamo each in NFD.
    let decomposed = String(repeating: "\u{1112}\u{1161}\u{11AB}", count: 128)
    #expect(try Identifier.check(decomposed).unicodeScalars.count == 128)
    #expect(throws: TextError.identifierTooLong) { try Identifier.check("한" + decomposed) }
    // Greek with three marks: NFC makes one scalar of four.
    let greek = String(repeating: "\u{3B1}\u{313}\u{300}\u{345}", count: 128)
    #expect(try Identifier.check(greek).unicodeScalars.count == 128)
    #expect(throws: TextError.identifierTooLong) {
      try Identifier.check("a" + String(repeating: "\u{301}", count: 1_000_000))
    }
    #expect(try Identifier.check(String(repeating: "\u{20000}", count: 128)).utf8.count == 512)
  }

  @Test func `normalises to the same bytes`() throws {
    let composed = "한글-é"
    let decomposed = "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}-e\u{301}"
    #expect(Array(composed.utf8) != Array(decomposed.utf8))
    #expect(Array(decomposed.nfc.utf8) == Array(composed.utf8))
    #expect(Array(try Identifier.check(decomposed).utf8) == Array(composed.utf8))
    #expect(Array("\u{212B}".nfc.utf8) == Array("\u{C5}".utf8))
    // Marks of different classes in the wrong order.
    #expect(Array("q\u{307}\u{323}".nfc.utf8) == Array("q\u{323}\u{307}".utf8))
    // A composition that NFC excludes stays apart.
    #expect(Array("\u{958}".nfc.utf8) == Array("\u{915}\u{93C}".utf8))
    #expect("plain".nfc == "plain")
  }

  @Test func `NFC is stable and keeps equality`() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<5000 {
      let text = random.text()
      let normalized = text.nfc
      #expect(normalized == text)
      #expect(Array(normalized.nfc.utf8) == Array(normalized.utf8))
    }
  }

  @Test(arguments: ["\n", "a\nb", "a\r", "a\r\nb", "a\u{85}b", "a\u{2028}b", "a\u{2029}"])
  func `lines are one line`(text: String) throws {
    #expect(throws: TextError.notOneLine(.textTitle)) { try TextRules.title(text) }
    #expect(throws: TextError.notOneLine(Message(verbatim: "a source"))) {
      try TextRules.line(text, name: Message(verbatim: "a source"))
    }
    #expect(try TextRules.body(text) == text)
  }

  @Test(arguments: ["", " ", "\t \u{3000}", "\u{200B}\u{2060}", "\u{3164}", "\u{FEFF}"])
  func `titles are not blank`(text: String) throws {
    #expect(throws: TextError.blank(.textTitle)) { try TextRules.title(text) }
    #expect(try TextRules.line(text) == text)
  }

  @Test func `texts come back as they are`() throws {
    for text in ["e\u{301} ", "\u{1B}[31m", "a\u{B}\u{C}", "  한글", "=1+1"] {
      #expect(Array(try TextRules.title(text).utf8) == Array(text.utf8))
    }
  }

  @Test func `texts have a limit`() throws {
    let longest = String(repeating: "한", count: 21_845) + "a"
    #expect(longest.utf8.count == 65_536)
    #expect(try TextRules.title(longest) == longest)
    let error = TextError.tooLong(.textBody, bytes: 65_537)
    #expect(throws: error) { try TextRules.body(longest + "a") }
    #expect(throws: TextError.tooLong(.textTitle, bytes: 65_537)) {
      try TextRules.title(longest + "a")
    }
    #expect(throws: TextError.holdsNUL(.textBody)) { try TextRules.body("a\u{0}") }
    #expect(throws: TextError.holdsNUL(.textTitle)) { try TextRules.title("a\u{0}") }
  }

  @Test(
    arguments: [
      (.blank(.textTitle), "a title cannot be blank"),
      (.notOneLine(.textTitle), "a title is one line"),
      (
        .tooLong(Message(verbatim: "a note"), bytes: 70_000),
        "a note has at most 65536 bytes of UTF-8, and this one has 70000"
      ),
      (.holdsNUL(.textBody), "a text cannot hold a NUL character"),
      (.emptyIdentifier, "an identifier cannot be empty"),
      (.identifierTooLong, "an identifier has at most 128 characters"),
      (
        .identifierStart("-"), "an identifier starts with a letter or a digit, not with - (U+002D)"
      ),
      (
        .identifierCharacter("\u{1B}"),
        "an identifier has letters, digits and . _ - : / @ only, and this one has U+001B"
      ),
      (
        .identifierCharacter("😀"),
        "an identifier has letters, digits and . _ - : / @ only, and this one has 😀 (U+1F600)"
      )
    ] as [(TextError, String)])
  func `errors say what is wrong`(error: TextError, message: String) {
    #expect(error.message.english == message)
  }
}
