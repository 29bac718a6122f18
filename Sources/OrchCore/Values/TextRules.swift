/// What a text that a user gives may be. Each rule returns the text as it was given, and names it
/// in its errors (`name`: a title, a role).
package enum TextRules {
  /// The most bytes of UTF-8 in a text: 64 KiB.
  package static let maxBytes = 65_536

  /// A title: a ``line(_:name:)`` in which something can be seen.
  ///
  /// - Throws: ``TextError/blank(_:)`` when it holds nothing but white space and characters
  ///   without an appearance, else as ``line(_:name:)``.
  @discardableResult
  package static func title(_ text: String, name: Message = .textTitle) throws(TextError) -> String {
    try line(text, name: name)
    guard !text.unicodeScalars.allSatisfy(isInvisible) else { throw .blank(name) }
    return text
  }

  /// One line, perhaps empty: a ``body(_:name:)`` without line feed, carriage return, U+0085,
  /// U+2028 and U+2029. A line break in it would forge a trailer or a second line of a log.
  ///
  /// - Throws: ``TextError/notOneLine(_:)``, else as ``body(_:name:)``.
  @discardableResult
  package static func line(_ text: String, name: Message = .textLine) throws(TextError) -> String {
    try body(text, name: name)
    guard !text.unicodeScalars.contains(where: isLineSeparator) else { throw .notOneLine(name) }
    return text
  }

  /// At most 64 KiB of UTF-8 without NUL; perhaps empty, any number of lines.
  ///
  /// - Throws: ``TextError/tooLong(_:bytes:)`` or ``TextError/holdsNUL(_:)``.
  @discardableResult
  package static func body(_ text: String, name: Message = .textBody) throws(TextError) -> String {
    guard text.utf8.count <= maxBytes else { throw .tooLong(name, bytes: text.utf8.count) }
    guard !text.utf8.contains(0) else { throw .holdsNUL(name) }
    return text
  }

  private static func isLineSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
  }
}

/// Why a text or an identifier is refused. The messages in the cases name what was refused, such as a title; the refused
/// text itself is never part of the error's message.
package enum TextError: Error, Hashable, Sendable {
  case blank(Message)
  case notOneLine(Message)
  case tooLong(Message, bytes: Int)
  case holdsNUL(Message)
  case emptyIdentifier
  case identifierTooLong
  case identifierStart(Unicode.Scalar)
  case identifierCharacter(Unicode.Scalar)

  package var message: Message {
    switch self {
    case .blank(let name): .textBlank(name: name)
    case .notOneLine(let name): .textNotOneLine(name: name)
    case .tooLong(let name, let bytes): .textTooLong(name: name, limit: TextRules.maxBytes, bytes: bytes)
    case .holdsNUL(let name): .textHoldsNul(name: name)
    case .emptyIdentifier: .identifierEmpty
    case .identifierTooLong: .identifierTooLong(limit: Identifier.maxScalars)
    case .identifierStart(let scalar): .identifierStart(character: Self.shown(scalar))
    case .identifierCharacter(let scalar): .identifierCharacter(character: Self.shown(scalar))
    }
  }

  /// A scalar by its number, and as it looks where it has a safe look of its own.
  private static func shown(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator, .nonspacingMark, .spacingMark, .enclosingMark:
      return number
    default:
      return "\(scalar) (\(number))"
    }
  }
}
