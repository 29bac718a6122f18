/// A Korean particle of two forms, which a word's last sound chooses between.
///
/// Written as in a table of words: the form after a final consonant, a slash, the form after a vowel: `이/가`, `을/를`,
/// `은/는`, `과/와`, `으로/로`.
struct KoreanParticle: Hashable, Sendable {
  let afterConsonant: String
  let afterVowel: String

  init?(_ text: some StringProtocol) {
    let forms = text.split(separator: "/", omittingEmptySubsequences: false)
    guard forms.count == 2, !forms[0].isEmpty, !forms[1].isEmpty else { return nil }
    (afterConsonant, afterVowel) = (String(forms[0]), String(forms[1]))
  }

  /// The form that follows `word`, as Koreans read it aloud.
  func form(after word: String) -> String {
    switch LastSound(of: word) {
    case .vowel: afterVowel
    case .consonant: afterConsonant
    // 서울로, and not 서울으로.
    case .rieul: afterConsonant == "으로" ? afterVowel : afterConsonant
    }
  }

  /// How a word ends when it is read aloud.
  enum LastSound {
    case vowel, consonant
    /// ㄹ, after which 으로 loses its 으.
    case rieul

    /// Of Latin letters and digits: as they are read one by one where they stand alone, `l`, `m`, `n` and `ng` as
    /// consonants at the end of a word. What is in brackets at the end is not read: 재규 (company-agent).
    init(of word: String) {
      var scalars = word.unicodeScalars[...]
      while let last = scalars.last {
        if last == ")", let open = scalars.lastIndex(of: "("), open > scalars.startIndex {
          scalars = scalars[..<open]
        } else if Self.isRead(last) {
          break
        } else {
          scalars.removeLast()
        }
      }
      guard let last = scalars.last else {
        self = .vowel
        return
      }
      let before = scalars.dropLast().last
      switch last.value {
      case 0xAC00...0xD7A3:
        switch (last.value - 0xAC00) % 28 {
        case 0: self = .vowel
        case 8: self = .rieul
        default: self = .consonant
        }
      case 0x30...0x39: self = Self.digit(last)
      default: self = Self.letter(last, before: before)
      }
    }

    private static func isRead(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }

    /// 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구.
    private static func digit(_ scalar: Unicode.Scalar) -> LastSound {
      switch scalar {
      case "1", "7", "8": .rieul
      case "0", "3", "6": .consonant
      default: .vowel
      }
    }

    /// A letter alone, or after a digit or a sign, is read by its name: 엘, 엠, 엔, 알. At the end of a word it is its
    /// sound; a stop there is read with a vowel after it (agent: 에이전트), but `ng` is not.
    private static func letter(_ scalar: Unicode.Scalar, before: Unicode.Scalar?) -> LastSound {
      let isAlone = before.map { !$0.properties.isAlphabetic || $0.value > 0x7F } ?? true
      switch scalar {
      case "l", "L": return .rieul
      case "r", "R": return isAlone ? .rieul : .vowel
      case "m", "M", "n", "N": return .consonant
      case "g", "G": return before == "n" || before == "N" ? .consonant : .vowel
      // Mostly silent there: file (파일), home (홈), machine (머신).
      case "e", "E":
        switch before {
        case "l", "L": return .rieul
        case "m", "M", "n", "N": return .consonant
        default: return .vowel
        }
      default: return .vowel
      }
    }
  }
}
