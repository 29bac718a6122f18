import CLibgit2

/// The name of an object: 20 bytes, written as 40 lower-case hexadecimal digits.
package struct ObjectName: Hashable, Sendable {
  let first: UInt64
  let second: UInt64
  let third: UInt32

  init(_ oid: git_oid) {
    self = withUnsafeBytes(of: oid.id) { bytes in
      ObjectName(
        first: bytes.loadUnaligned(as: UInt64.self), second: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        third: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }
  }

  /// What stands for no object at all.
  static let zero = ObjectName(first: 0, second: 0, third: 0)

  init(first: UInt64, second: UInt64, third: UInt32) {
    self.first = first
    self.second = second
    self.third = third
  }

  /// Reads 40 hexadecimal digits of either case; nil when it is something else.
  package init?(_ text: some StringProtocol) {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in text.utf8 {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
      if let left = high {
        bytes.append(left << 4 | UInt8(value))
        high = nil
      } else {
        high = UInt8(value)
      }
    }
    guard bytes.count == 20, high == nil else { return nil }
    self = bytes.withUnsafeBytes { bytes in
      ObjectName(
        first: bytes.loadUnaligned(as: UInt64.self), second: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        third: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }
  }

  var oid: git_oid {
    var oid = git_oid()
    withUnsafeMutableBytes(of: &oid.id) { bytes in
      bytes.storeBytes(of: first, as: UInt64.self)
      bytes.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
      bytes.storeBytes(of: third, toByteOffset: 16, as: UInt32.self)
    }
    return oid
  }

  /// 40 digits.
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var oid = oid
    return withUnsafeBytes(of: &oid.id) { bytes in
      String(unsafeUninitializedCapacity: 40) { buffer in
        for (index, byte) in bytes.enumerated() {
          buffer[2 * index] = digits[Int(byte >> 4)]
          buffer[2 * index + 1] = digits[Int(byte & 15)]
        }
        return 40
      }
    }
  }

  /// How much of a name is shown.
  package var short: String { String(hex.prefix(10)) }

  /// What stands for no object at all, as in the refs that a push deletes.
  package var isZero: Bool { first == 0 && second == 0 && third == 0 }
}

extension ObjectName: CustomStringConvertible {
  package var description: String { hex }
}
