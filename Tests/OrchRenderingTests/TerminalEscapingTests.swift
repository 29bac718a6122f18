import OrchRendering
import Testing

@Suite("Text on a terminal: escaping")
struct TerminalEscapingTests {
  @Test(arguments: [
    ("", ""),
    ("plain text", "plain text"),
    ("한국어 日本語 é ½ € — … 👩‍👩‍👧 क्षि\u{200C}", "한국어 日本語 é ½ € — … 👩‍👩‍👧 क्षि\u{200C}"),
    ("\u{1B}[31mred\u{1B}[0m", "^[[31mred^[[0m"),
    ("\u{1B}]0;title\u{7}", "^[]0;title^G"),
    ("a\tb", "a^Ib"),
    ("a\nb", "a^Jb"),
    ("a\r\nb", "a^M^Jb"),
    ("\u{0}\u{1F}\u{7F}", "^@^_^?"),
    ("\u{9B}31m\u{85}", "<U+009B>31m<U+0085>"),
    ("a\u{202E}b\u{202C}", "a<U+202E>b<U+202C>"),
    ("\u{2066}\u{2069}\u{200E}\u{200F}\u{61C}", "<U+2066><U+2069><U+200E><U+200F><U+061C>"),
    ("a\u{200B}b\u{FEFF}", "a<U+200B>b<U+FEFF>"),
    ("\u{2028}\u{2029}", "<U+2028><U+2029>"),
    ("\u{E0001}\u{E0041}\u{E007F}", "<U+E0001><U+E0041><U+E007F>"),
    ("e\u{301}\u{1B}", "e\u{301}^["),
    ("^[", "^[")
  ])
  func `controls are shown`(text: String, expected: String) {
    #expect(Array(Terminal.escaped(text).utf8) == Array(expected.utf8))
  }

  @Test func `line feeds stay where they are asked for`() {
    #expect(Terminal.escaped("a\nb\r\nc\t\n", keepNewlines: true) == "a\nb^M\nc^I\n")
    #expect(Terminal.escaped("a\u{2028}b\n", keepNewlines: true) == "a<U+2028>b\n")
  }

  /// Every scalar of Unicode, against the list in so many words.
  @Test func `exactly the listed scalars are shown`() {
    var listed = Set<UInt32>(0x00...0x1F).union(0x7F...0x9F)
    listed.formUnion([0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF])
    listed.formUnion([0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069])
    listed.formUnion(0xE0000...0xE007F)
    var wrong: [UInt32] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(scalar)
      let isShown = !Terminal.escaped(text).utf8.elementsEqual(text.utf8)
      if isShown != listed.contains(value) { wrong.append(value) }
    }
    #expect(wrong == [])
  }

  @Test func `nothing escaped needs escaping again`() {
    let hostile = (UInt32(0)...0x2100).compactMap(Unicode.Scalar.init).map(String.init).joined()
    let once = Terminal.escaped(hostile)
    #expect(once != hostile)
    #expect(Terminal.escaped(once) == once)
  }
}
