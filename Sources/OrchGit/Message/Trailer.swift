/// One `Key: value` line at the end of a commit's message.
package struct Trailer: Hashable, Sendable {
  package var key: String
  /// One line: what was folded is joined by single spaces.
  package var value: String

  package init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}
