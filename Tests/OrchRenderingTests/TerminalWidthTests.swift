import OrchRendering
import Testing

@Suite("Text on a terminal: width")
struct TerminalWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("a b", 3), ("é", 1), ("e\u{301}", 1), ("½€—…·", 5), ("한국어", 6),
    ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", 4), ("ㅋㅋ", 4), ("日本語", 6), ("カタカナ", 8),
    ("ｶﾀｶﾅ", 4), ("ＡＢ", 4), ("。「」", 6), ("𠀀", 2), ("😀", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇰🇷", 2),
    ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("☎️", 2), ("⌚", 2), ("✓", 1), ("→", 1), ("═", 1), ("а", 1),
    ("\u{301}", 0), ("a\u{200B}b", 2), ("a\u{FEFF}", 1), ("\u{1B}", 0), ("\u{AD}", 1), ("ไทย", 3),
    ("t-7k2f9q3h  스키마 구현", 23), ("\u{16FF0}", 2), ("가\u{301}", 2)
  ])
  func `a text has a width`(text: String, expected: Int) {
    #expect(Terminal.columns(text) == expected)
  }

  @Test(arguments: [
    ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abc", 1, "…"), ("abc", 0, ""), ("abc", -1, ""),
    ("", 0, ""), ("한국어", 6, "한국어"), ("한국어", 5, "한국…"), ("한국어", 4, "한…"), ("한국어", 3, "한…"),
    ("한국어", 2, "…"), ("a👩‍👩‍👧b", 3, "a…"), ("a👩‍👩‍👧b", 4, "a👩‍👩‍👧b"), ("ae\u{301}bc", 3, "ae\u{301}…")
  ])
  func `a text is cut at a width`(text: String, columns: Int, expected: String) {
    #expect(Terminal.truncated(text, columns: columns) == expected)
  }

  @Test(arguments: [
    ("abc", 5, "abc  "), ("abc", 3, "abc"), ("abc", 2, "abc"), ("한국", 6, "한국  "), ("", 2, "  "),
    ("한국", 0, "한국"), ("abc", -4, "abc")
  ])
  func `a text is padded to a width`(text: String, columns: Int, expected: String) {
    #expect(Terminal.padded(text, columns: columns) == expected)
  }

  @Test func `a cell is always as wide as asked`() {
    let text = "t-7k2f9q3h 스키마를 구현 👩‍👩‍👧 e\u{301} ok"
    for width in 1...40 {
      let cell = Terminal.padded(Terminal.truncated(text, columns: width), columns: width)
      #expect(Terminal.columns(cell) == width)
    }
  }
}
