/// A word as a shell reads it back.
package enum ShellWord {
  /// The word itself where a shell takes it as it is, else in single quotes.
  package static func escaped(_ text: String) -> String {
    !text.isEmpty && text.utf8.allSatisfy(isPlain) ? text : quoted(text)
  }

  /// In single quotes, where nothing but the quote itself has a meaning, neither `$` nor the end of a line.
  package static func quoted(_ text: String) -> String {
    var quoted = "'"
    for character in text.unicodeScalars {
      if character == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(character) }
    }
    return quoted + "'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: "/._-:@=+,%".utf8.contains(byte)
    }
  }
}
