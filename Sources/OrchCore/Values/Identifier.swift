/// The rule for the names of tasks, sessions, agents, projects, kinds, keys and checks.
package enum Identifier {
  /// The most Unicode scalars that an identifier has, in NFC.
  package static let maxScalars = 128

  /// The identifier as it is stored, in NFC: 1 to 128 scalars that are letters or marks of any
  /// script, decimal digits (general category Nd), `.`, `_`, `-`, `:`, `/` or `@`; the first is
  /// a letter or a digit.
  ///
  /// - Throws: ``TextError/emptyIdentifier``, ``TextError/identifierTooLong``,
  ///   ``TextError/identifierStart(_:)`` or ``TextError/identifierCharacter(_:)``.
  package static func check(_ text: String) throws(TextError) -> String {
    // An oversized text is refused before work is spent on normalising it: NFC merges at most
    // four scalars into one, of at most four bytes each.
    guard text.utf8.count <= maxScalars * 4 * 4 else { throw .identifierTooLong }
    let normalized = text.nfc
    let scalars = normalized.unicodeScalars
    guard let first = scalars.first else { throw .emptyIdentifier }
    guard scalars.count <= maxScalars else { throw .identifierTooLong }
    for scalar in scalars where !isAllowed(scalar) { throw .identifierCharacter(scalar) }
    guard isLetterOrDigit(first) else { throw .identifierStart(first) }
    return normalized
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ".", "_", "-", ":", "/", "@": true
    default: isLetterOrDigit(scalar) || isMark(scalar)
    }
  }

  private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": return true
    case "\u{0}"..."\u{7F}": return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber:
      return true
    default:
      return false
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }
}
