/// Makes inputs of seeds, the same ones for the same number: changed, removed, repeated and inserted bytes, and pieces
/// of other seeds. For where libFuzzer is not to be had, and for a short run among the tests.
package struct Mutator {
  private let seeds: [[UInt8]]
  private let words: [[UInt8]]
  private var state: UInt64

  /// - Parameter words: what is inserted beside single bytes.
  package init(seeds: [[UInt8]], words: [String] = [], number: UInt64) {
    self.seeds = seeds
    self.words = words.map { Array($0.utf8) }
    state = number
  }

  /// The next input, at most 4 KiB long.
  package mutating func next() -> [UInt8] {
    var bytes = seeds.isEmpty ? [] : seeds[below(seeds.count)]
    for _ in 0...below(6) {
      let place = below(bytes.count + 1)
      let end = min(bytes.count, place + below(9))
      switch below(7) {
      case 0 where place < bytes.count: bytes[place] = UInt8(below(256))
      case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
      case 2: bytes.removeSubrange(place..<end)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 4 where !words.isEmpty: bytes.insert(contentsOf: words[below(words.count)], at: place)
      case 5 where !seeds.isEmpty:
        let other = seeds[below(seeds.count)]
        let start = below(other.count + 1)
        bytes.replaceSubrange(place..<end, with: other[start..<min(other.count, start + below(64))])
      default: bytes.insert([0, 9, 10, 13, 32, 34, 92, 123, 125, 255][below(10)], at: place)
      }
    }
    return bytes.count > 4096 ? Array(bytes[..<4096]) : bytes
  }

  /// A number below a limit, by SplitMix64.
  private mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, limit)))
  }
}
