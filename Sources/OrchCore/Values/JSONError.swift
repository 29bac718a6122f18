/// Why a text is not a JSON document that `orch` takes, and where.
package struct JSONError: Error, Hashable, Sendable {
  package let problem: Problem
  /// Bytes of UTF-8 before the place.
  package let offset: Int

  package init(_ problem: Problem, offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  /// What is wrong; holds nothing of the text itself.
  package enum Problem: Hashable, Sendable {
    case textAfterValue
    /// Something else stands there.
    case expected(Expected)
    /// The text ends there.
    case endsBefore(Expected)
    case doubleKey
    case tooDeep(limit: Int)
    case leadingZero
    case unescapedControl
    case notUTF8
    case unknownEscape
    case nul
    case halfSurrogatePair
    case tooLong(limit: Int)
  }

  /// What would have to stand at a place.
  package enum Expected: Hashable, Sendable {
    case value, commaOrBracket, commaOrBrace, key, colon, digit, quotationMark, hexDigit
  }
}

extension JSONError {
  package var message: Message { .jsonAt(problem: problem.message, offset: offset) }
}

extension JSONError.Problem {
  package var message: Message {
    switch self {
    case .textAfterValue: .jsonTextAfter
    case .expected(let what): .jsonExpected(what: what.message)
    case .endsBefore(let what): .jsonEnds(what: what.message)
    case .doubleKey: .jsonDoubleKey
    case .tooDeep(let limit): .jsonTooDeep(depth: limit)
    case .leadingZero: .jsonLeadingZero
    case .unescapedControl: .jsonControl
    case .notUTF8: .jsonNotUtf8
    case .unknownEscape: .jsonEscape
    case .nul: .jsonNul
    case .halfSurrogatePair: .jsonSurrogate
    case .tooLong(let limit): .jsonTooLong(limit: limit)
    }
  }
}

extension JSONError.Expected {
  fileprivate var message: Message {
    switch self {
    case .value: .jsonValue
    case .commaOrBracket: .jsonCommaOrBracket
    case .commaOrBrace: .jsonCommaOrBrace
    case .key: .jsonKey
    case .colon: .jsonColon
    case .digit: .jsonDigit
    case .quotationMark: .jsonQuotationMark
    case .hexDigit: .jsonHexDigit
    }
  }
}
