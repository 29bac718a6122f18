import Testing

@testable import OrchGit

@Suite("A set of names")
struct ObjectNameSetTests {
  /// Names that differ in one place alone, whichever that is.
  private static let names: [ObjectName] = (0..<40).flatMap { place in
    (1...15).compactMap { digit in
      var digits = Array("1234567890123456789012345678901234567890")
      digits[place] = Character(String((digits[place].hexDigitValue! + digit) % 16, radix: 16))
      return ObjectName(String(digits))
    }
  }

  @Test func `holds what was put in, once, however it grows`() {
    var names = ObjectNameSet()
    var known: Set<ObjectName> = []
    for start in 0..<20 {
      for name in Self.names {
        let other = ObjectName(first: name.first &+ UInt64(start) << 32, second: name.second, third: name.third)
        #expect(names.contains(other) == known.contains(other))
        let (isNew, isKnown) = (names.insert(other), known.contains(other))
        #expect(isNew != isKnown)
        known.insert(other)
      }
    }
    #expect(names.count == known.count)
    #expect(known.allSatisfy { names.contains($0) })
  }

  @Test func `takes up nothing for no object`() {
    var names = ObjectNameSet()
    let isNew = names.insert(.zero)
    #expect(!isNew)
    #expect(names.count == 0)
  }
}
