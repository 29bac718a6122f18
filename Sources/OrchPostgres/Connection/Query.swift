import OrchCore

/// A statement and its values.
///
/// Every name in it stands with its schema: behind a pooler nothing that a connection was told before counts.
/// Statements are never prepared under a name for the same reason.
struct Query {
  let text: String
  private(set) var values: [String?] = []

  init(_ text: String, _ values: any QueryValue...) {
    self.text = text
    self.values.reserveCapacity(values.count)
    for value in values { self.values.append(value.queryText) }
  }

  init(_ text: String, values: [String?]) {
    self.text = text
    self.values = values
  }
}

/// What can be the value of a statement's parameter.
protocol QueryValue {
  /// Its text form; nil for NULL.
  var queryText: String? { get }
}

extension String: QueryValue {
  var queryText: String? { self }
}

extension Int: QueryValue {
  var queryText: String? { String(self) }
}

extension Int64: QueryValue {
  var queryText: String? { String(self) }
}

extension Bool: QueryValue {
  var queryText: String? { self ? "t" : "f" }
}

extension Instant: QueryValue {
  var queryText: String? { String(milliseconds) }
}

extension Digest: QueryValue {
  var queryText: String? { "\\x" + hex }
}

extension Optional: QueryValue where Wrapped: QueryValue {
  var queryText: String? { flatMap(\.queryText) }
}

extension Array: QueryValue where Element: QueryValue {
  /// The text of an array: every element quoted.
  var queryText: String? {
    var text = "{"
    for element in self {
      if text.utf8.count > 1 { text += "," }
      guard let value = element.queryText else {
        text += "NULL"
        continue
      }
      text += "\""
      for character in value.unicodeScalars {
        if character == "\"" || character == "\\" { text.unicodeScalars.append("\\") }
        text.unicodeScalars.append(character)
      }
      text += "\""
    }
    return text + "}"
  }
}
