extension LogEntry {
  /// What `canonicalBytes` contains of an entry whose envelope has a text under a key.
  package static func fragment(key: String, _ text: String) -> String { "\"\(key)\":" + fragment(text) }

  /// What `canonicalBytes` contains of an entry with a text as a value anywhere.
  package static func fragment(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSON.string(text).writeCanonical(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
