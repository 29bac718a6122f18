/// The keys of the trailers that say who did what for which task.
package enum LineageKey: String, CaseIterable, Sendable {
  case author = "Author"
  case reviewer = "Reviewer"
  case source = "Source"
  case task = "Orch-Task"
  case lease = "Orch-Lease"
  case event = "Orch-Event"

  /// All keys as they are written.
  package static let names = allCases.map(\.rawValue)

  /// The key of a trailer, whatever the case of its letters, as git compares keys; nil for a trailer that is not ours.
  package init?(_ key: String) {
    guard let found = Self.allCases.first(where: { $0.rawValue.isSameKey(as: key) }) else { return nil }
    self = found
  }
}

extension UInt8 {
  /// The letter in lower case; any other byte as it is. Keys are ASCII.
  var lowercasedASCII: UInt8 { 65...90 ~= self ? self | 0x20 : self }
}

extension String {
  /// Whether two keys are one, without regard to the case of ASCII letters.
  func isSameKey(as other: String) -> Bool {
    utf8.count == other.utf8.count
      && zip(utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
  }
}
