/// A SHA-256 digest: 32 bytes, written as 64 lower-case hexadecimal digits.
///
/// Events are named by the digest of their canonical bytes, tokens are stored as theirs.
package struct Digest: Hashable, Sendable, Comparable {
  /// The digest in four big-endian words, so that comparing words compares bytes.
  let words: SIMD4<UInt64>

  /// All bits zero: the digest of nothing that is known.
  package static let zero = Digest(words: SIMD4())

  private init(words: SIMD4<UInt64>) { self.words = words }

  /// The digest with these bytes; nil unless there are exactly 32.
  package init?(bytes: some Sequence<UInt8>) {
    // Byte by byte through a sequence of another module costs a hundred times the work.
    let digest =
      bytes.withContiguousStorageIfAvailable { Digest(raw: UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { Digest(raw: $0) }
    guard let digest else { return nil }
    self = digest
  }

  /// The digest with the bytes in this memory; nil unless there are exactly 32.
  package init?(raw bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    var words = SIMD4<UInt64>()
    for index in 0..<4 {
      words[index] = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    self.words = words
  }

  /// The digest that `text` writes in 64 lower-case hexadecimal digits.
  package init?(hex text: some StringProtocol) {
    guard let bytes = Hex.decode(text) else { return nil }
    self.init(bytes: bytes)
  }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(32)
    for index in 0..<4 {
      withUnsafeBytes(of: words[index].bigEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// The 32 bytes as four integers in this machine's memory: for binding them without an array.
  package var memory: (UInt64, UInt64, UInt64, UInt64) {
    (words[0].bigEndian, words[1].bigEndian, words[2].bigEndian, words[3].bigEndian)
  }

  /// The first eight bytes as a number, in the same order.
  package var prefix: UInt64 { words[0] }

  /// The 64 lower-case hexadecimal digits.
  package var hex: String {
    String(unsafeUninitializedCapacity: 64) { buffer in
      writeHex { buffer[$0] = $1 }
      return 64
    }
  }

  /// Appends the 64 digits to `buffer`.
  func appendHex(to buffer: inout [UInt8]) {
    let start = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: 64))
    buffer.withUnsafeMutableBufferPointer { all in
      writeHex { all[start + $0] = $1 }
    }
  }

  private func writeHex(_ put: (Int, UInt8) -> Void) {
    for index in 0..<4 {
      let word = words[index]
      for digit in 0..<16 {
        let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * digit)) & 15
        put(index * 16 + digit, nibble < 10 ? 48 + nibble : 87 + nibble)
      }
    }
  }

  package static func < (left: Digest, right: Digest) -> Bool {
    for index in 0..<4 where left.words[index] != right.words[index] {
      return left.words[index] < right.words[index]
    }
    return false
  }
}

/// The name of an event.
package typealias EventID = Digest
/// What is stored of a token.
package typealias TokenHash = Digest
