/// Names of objects, packed: a walk over a whole history keeps one for each commit, and a `Set` would take twice the room
/// and half as much again whenever it grows.
struct ObjectNameSet {
  // Open addressing, twenty bytes a place; the name of no object marks those that are free.
  private var words: [UInt32]
  private var mask: Int
  private(set) var count = 0

  init() {
    words = Array(repeating: 0, count: 1024 * Self.width)
    mask = 1023
  }

  /// The words of a name.
  private static let width = 5

  /// Takes up a name; false when it was there. Of no object there is never one to take up.
  mutating func insert(_ name: ObjectName) -> Bool {
    guard !name.isZero, let place = place(of: name) else { return false }
    name.store(in: &words, at: place)
    count += 1
    // Seven of eight: a look is four places long then, and the room is what counts.
    if count > (mask + 1) / 8 * 7 { grow() }
    return true
  }

  func contains(_ name: ObjectName) -> Bool { name.isZero || place(of: name) == nil }

  /// Where a name belongs; nil when it is there.
  private func place(of name: ObjectName) -> Int? {
    // The hash is seeded: names can be made to begin alike.
    var slot = name.hashValue & mask
    while true {
      let found = ObjectName(words, at: slot * Self.width)
      if found.isZero { return slot * Self.width }
      if found == name { return nil }
      slot = (slot + 1) & mask
    }
  }

  private mutating func grow() {
    let old = words
    mask = mask * 2 + 1
    words = Array(repeating: 0, count: (mask + 1) * Self.width)
    for start in stride(from: 0, to: old.count, by: Self.width) {
      let name = ObjectName(old, at: start)
      if !name.isZero, let place = place(of: name) { name.store(in: &words, at: place) }
    }
  }
}

extension ObjectName {
  fileprivate init(_ words: [UInt32], at start: Int) {
    self.init(
      first: UInt64(words[start]) | UInt64(words[start + 1]) << 32,
      second: UInt64(words[start + 2]) | UInt64(words[start + 3]) << 32, third: words[start + 4])
  }

  fileprivate func store(in words: inout [UInt32], at start: Int) {
    words[start] = UInt32(truncatingIfNeeded: first)
    words[start + 1] = UInt32(truncatingIfNeeded: first >> 32)
    words[start + 2] = UInt32(truncatingIfNeeded: second)
    words[start + 3] = UInt32(truncatingIfNeeded: second >> 32)
    words[start + 4] = third
  }
}
