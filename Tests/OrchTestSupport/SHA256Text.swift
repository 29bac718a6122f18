/// SHA-256 written from its standard (FIPS 180-4), so that hashes are checked by other code than the program's.
package enum SHA256Text {
  /// The hash of a text's UTF-8.
  package static func hex(_ text: String) -> String { hex(Array(text.utf8)) }

  /// The hash of the bytes that hexadecimal words write.
  package static func hex(ofHex words: [String]) -> String {
    hex(
      words.flatMap { word -> [UInt8] in
        let digits = word.utf8.map { $0 < 58 ? $0 - 48 : $0 - 87 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
      })
  }

  private static func hex(_ message: [UInt8]) -> String {
    var bytes = message + [0x80]
    while bytes.count % 64 != 56 { bytes.append(0) }
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: (message.count * 8) >> shift))
    }
    var state = roots(2) { fraction(of: $0, root: 2) }
    for block in stride(from: 0, to: bytes.count, by: 64) { compress(bytes[block..<block + 64], &state) }
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }.joined()
  }

  private static func compress(_ block: ArraySlice<UInt8>, _ state: inout [UInt32]) {
    var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { index in
      (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(block[index + $1]) }
    }
    func turn(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
    for index in 16..<64 {
      let (a, b) = (words[index - 15], words[index - 2])
      let low = turn(a, 7) ^ turn(a, 18) ^ (a >> 3)
      let high = turn(b, 17) ^ turn(b, 19) ^ (b >> 10)
      words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
    }
    var v = state
    for index in 0..<64 {
      let high = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)
      let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
      let first = v[7] &+ high &+ choice &+ constants[index] &+ words[index]
      let low = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)
      let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
      v = [first &+ low &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
    }
    for index in 0..<8 { state[index] = state[index] &+ v[index] }
  }

  private static let primes: [UInt64] = {
    var found: [UInt64] = []
    var next: UInt64 = 2
    while found.count < 64 {
      if found.allSatisfy({ next % $0 != 0 }) { found.append(next) }
      next += 1
    }
    return found
  }()

  private static let constants: [UInt32] = primes.map { fraction(of: $0, root: 3) }

  private static func roots(_ root: Int, _ of: (UInt64) -> UInt32) -> [UInt32] { primes.prefix(8).map(of) }

  /// The first 32 bits of the fraction of a prime's square or cube root: the largest x with x^root ≤ prime · 2^(32·root).
  private static func fraction(of prime: UInt64, root: Int) -> UInt32 {
    var low: UInt64 = 0
    var high: UInt64 = 1 << 40
    while low + 1 < high {
      let middle = (low + high) / 2
      if isAtMost(middle, prime, root) { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  private static func isAtMost(_ x: UInt64, _ prime: UInt64, _ root: Int) -> Bool {
    // In long arithmetic of 16-bit digits, low ones first.
    func times(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
      var product = [UInt64](repeating: 0, count: a.count + b.count)
      for (i, x) in a.enumerated() {
        var carry: UInt64 = 0
        for (j, y) in b.enumerated() {
          let sum = product[i + j] + x * y + carry
          (product[i + j], carry) = (sum & 0xffff, sum >> 16)
        }
        product[i + b.count] += carry
      }
      return product
    }
    func digits(_ x: UInt64) -> [UInt64] { [x & 0xffff, x >> 16 & 0xffff, x >> 32 & 0xffff] }
    var power = digits(x)
    for _ in 1..<root { power = times(power, digits(x)) }
    var bound = [UInt64](repeating: 0, count: 2 * root) + digits(prime)
    while bound.count < power.count { bound.append(0) }
    while power.count < bound.count { power.append(0) }
    for index in power.indices.reversed() where power[index] != bound[index] { return power[index] < bound[index] }
    return true
  }
}
