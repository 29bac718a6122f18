/// Text that stays text in Markdown, as CommonMark, GitHub's dialect (GFM) and GitHub's own additions read it.
///
/// A backslash stands before what could begin anything; what no backslash stops (addresses, mentions, references,
/// emoji by name, all found after parsing) is broken by a word joiner, U+2060, which is not seen.
enum MarkdownText {
  /// Text without line feeds, in a paragraph, a heading, a list's entry or a cell of a table.
  ///
  /// Without the blanks at both ends: four would begin code, two break the line, one keep `**` from ending.
  static func escaped(_ text: String) -> String {
    var writer = MarkdownWriter(text)
    var end = writer.source.count
    while end > 0, writer.source[end - 1] == UInt8(ascii: " ") { end -= 1 }
    writer.write(0..<end)
    return writer.text
  }

  /// A code span; where the text holds what would end one, or end a cell, text that is only escaped.
  static func code(_ text: String) -> String {
    let bytes = text.utf8
    let isPlain = !bytes.contains { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: "\\") }
    guard isPlain, let first = bytes.first, let last = bytes.last else { return escaped(text) }
    // One blank at both ends would be taken away.
    return first == UInt8(ascii: " ") || last == UInt8(ascii: " ") ? escaped(text) : "`\(text)`"
  }

  /// A block quotation, line by line, from the beginning of a line. Indentation is kept by blanks that do not break.
  static func quoted(_ text: String) -> String {
    var writer = MarkdownWriter(text)
    let lineFeed = UInt8(ascii: "\n")
    var start = 0
    while start <= writer.source.count {
      let end = writer.source[start...].firstIndex(of: lineFeed) ?? writer.source.count
      if start > 0 { writer.put("\n") }
      writer.put(">")
      if writer.source[start..<end].contains(where: { $0 != UInt8(ascii: " ") }) {
        writer.put(" ")
        while writer.source[start] == UInt8(ascii: " ") {
          writer.put("\u{A0}")
          start += 1
        }
        writer.write(start..<end)
        let next = end + 1
        // The line ends here, too, where it is shown: unless its paragraph does.
        if next < writer.source.count, writer.source[next] != lineFeed { writer.put("\\") }
      }
      start = end + 1
    }
    return writer.text
  }

  /// The value of a trailer: one line.
  ///
  /// What a program wrote (names, ids, `log/head`, `openclaw:discord`) is needed as it is and stays so; anything else is
  /// escaped.
  static func trailer(_ value: String) -> String {
    let value = VisibleText.line(value)
    // `#3` alone would be a reference, `kpi#3` is a session and its fence.
    guard value.utf8.allSatisfy({ isOfName($0) }), value.utf8.first != UInt8(ascii: "#") else { return escaped(value) }
    return hasAddress(value) ? escaped(value) : value
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
      UInt8(ascii: ":"), UInt8(ascii: "#"):
      true
    default: byte >= 0x80
    }
  }

  /// Whether anybody would make a link of it.
  private static func hasAddress(_ value: String) -> Bool {
    if value.prefix(4).lowercased() == "www." { return true }
    var last: (UInt8, UInt8) = (0, 0)
    for byte in value.utf8 {
      if last.0 == UInt8(ascii: ":"), last.1 == UInt8(ascii: "/"), byte == UInt8(ascii: "/") { return true }
      last = (last.1, byte)
    }
    return false
  }
}
