extension Terminal {
  /// The columns that one line takes on a terminal: 2 for a Hangul syllable, an ideograph or an
  /// emoji with all that is joined to it, 0 for marks on their own, 1 for the rest. Controls count
  /// as nothing: ``escaped(_:keepNewlines:)`` comes first.
  package static func columns(_ text: String) -> Int {
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text.utf8.count }
    return text.reduce(0) { $0 + columns($1) }
  }

  /// The text in at most `columns` columns: what does not fit is cut between characters, and `…`
  /// ends it. The result can be one column short where a wide character would be halved.
  package static func truncated(_ text: String, columns limit: Int) -> String {
    guard columns(text) > limit else { return text }
    guard limit > 0 else { return "" }
    var width = 0
    var end = text.startIndex
    for index in text.indices {
      width += columns(text[index])
      guard width < limit else { break }
      end = text.index(after: index)
    }
    return text[..<end] + "…"
  }

  /// The text with as many spaces after it as fill `columns` columns; a longer one stays whole.
  package static func padded(_ text: String, columns limit: Int) -> String {
    text + String(repeating: " ", count: max(0, limit - columns(text)))
  }

  /// As wide as the widest scalar of a character: a terminal that joins a sequence shows one
  /// glyph.
  private static func columns(_ character: Character) -> Int {
    var widest = 0
    var isEmoji = false
    for scalar in character.unicodeScalars {
      // U+FE0F asks for the coloured form of the symbol before it, which is two columns wide.
      if scalar == "\u{FE0F}", isEmoji { return 2 }
      isEmoji = scalar.properties.isEmoji
      widest = max(widest, columns(scalar))
      if widest == 2 { return 2 }
    }
    return widest
  }

  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    if isWide(scalar.value) || scalar.properties.isEmojiPresentation { return 2 }
    switch scalar.value {
    case 0x00AD: return 1
    // Vowels and finals of decomposed Hangul are drawn into the syllable's two columns.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator: return 0
    default: return scalar.properties.isDefaultIgnorableCodePoint ? 0 : 1
    }
  }

  /// The classes W and F of EastAsianWidth.txt (Unicode 16), without the emoji, which
  /// `isEmojiPresentation` knows. What is not assigned yet counts as its neighbours do.
  private static func isWide(_ scalar: UInt32) -> Bool {
    guard scalar >= 0x1100 else { return false }
    switch scalar {
    case 0x1100...0x115F,  // Hangul initial consonants
      0x2329...0x232A,  // angle brackets
      0x2630...0x2637, 0x268A...0x268F,  // trigrams, monograms, digrams
      0x2E80...0x303E,  // radicals, ideographic punctuation
      0x3040...0x3247,  // kana, bopomofo, Hangul compatibility letters, enclosed ideographs
      0x3250...0xA4CF,  // squared words, ideographs, Yi
      0xA960...0xA97F,  // Hangul initial consonants, extended
      0xAC00...0xD7A3,  // Hangul syllables
      0xF900...0xFAFF,  // compatibility ideographs
      0xFE10...0xFE19, 0xFE30...0xFE6F,  // vertical and small forms
      0xFF01...0xFF60, 0xFFE0...0xFFE6,  // full-width forms
      0x16FE0...0x18DFF,  // Tangut, Khitan
      0x1AFF0...0x1B2FF,  // kana supplements, Nushu
      0x1D300...0x1D376,  // Tai Xuan Jing, counting rods
      0x1F200...0x1F265,  // enclosed ideographs
      0x20000...0x3FFFD:  // ideographs of the planes 2 and 3
      return true
    default:
      return false
    }
  }
}
