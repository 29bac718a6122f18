/// One `Key: value` line at the end of a commit's message.
public struct Trailer: Hashable, Sendable {
  public var key: String
  /// One line: what was folded is joined by single spaces.
  public var value: String

  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}
