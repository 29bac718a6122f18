/// Random bytes as Crockford's base 32 (<https://www.crockford.com/base32.html>): digits and
/// letters without i, l, o and u, so that an identifier survives being read aloud.
package enum CrockfordBase32 {
  /// `count` digits of 5 bits each, the first bits of `bytes` first, letters in lower case.
  ///
  /// Precondition: `bytes` has at least `count` × 5 bits, and `count` is not negative.
  package static func lowercase(_ bytes: [UInt8], count: Int) -> String {
    encode(bytes, count: count, alphabet: "0123456789abcdefghjkmnpqrstvwxyz")
  }

  /// As ``lowercase(_:count:)``, letters in upper case.
  package static func uppercase(_ bytes: [UInt8], count: Int) -> String {
    encode(bytes, count: count, alphabet: "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
  }

  /// Whether the text is one or more digits of base 32, all letters in the one case: neither
  /// Crockford's aliases (`o` for `0`) nor hyphens are taken, as an identifier has one spelling.
  package static func isValid(_ text: some StringProtocol, uppercase: Bool = false) -> Bool {
    let letters = uppercase ? UInt8(ascii: "A") : UInt8(ascii: "a")
    return !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return true
        case letters..<(letters + 26):
          // i, l, o, u
          return ![8, 11, 14, 20].contains(byte - letters)
        default: return false
        }
      }
  }

  private static func encode(_ bytes: [UInt8], count: Int, alphabet: StaticString) -> String {
    precondition(
      count >= 0 && bytes.count * 8 >= count * 5, "\(count) digits need \(count * 5) bits")
    return String(unsafeUninitializedCapacity: count) { text in
      var bits: UInt32 = 0
      var bitCount = 0
      var next = 0
      for index in 0..<count {
        if bitCount < 5 {
          bits = bits << 8 | UInt32(bytes[next])
          next += 1
          bitCount += 8
        }
        bitCount -= 5
        text[index] = alphabet.utf8Start[Int(bits >> bitCount & 31)]
      }
      return count
    }
  }
}
