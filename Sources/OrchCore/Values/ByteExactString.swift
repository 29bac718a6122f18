/// A text that equals another only byte for byte.
///
/// `String` compares by canonical equivalence, so "é" in NFC equals "é" in NFD, while a database,
/// a hash and RFC 8259 see two different texts.
struct ByteExactString: Hashable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: ByteExactString, right: ByteExactString) -> Bool {
    left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    text.withUTF8Bytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
}

extension String {
  /// The UTF-8 bytes in one piece, for the time of the call.
  func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    // A string that is bridged from elsewhere.
    return Array(utf8).withUnsafeBufferPointer(body)
  }
}
