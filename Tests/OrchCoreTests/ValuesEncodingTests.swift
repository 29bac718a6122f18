import OrchCore
import Testing

@Suite("Hex, base 32 and edit distance")
struct ValuesEncodingTests {
  @Test func `hexadecimal is written and read`() {
    #expect(Hex.encode([0x00, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
    #expect(Hex.encode([]) == "")
    #expect(Hex.encode(AnySequence([0x3F, 0x2A])) == "3f2a")
    #expect(Hex.decode("000fa5ff") == [0x00, 0x0F, 0xA5, 0xFF])
    #expect(Hex.decode("") == [])
    #expect(Hex.decode("x3f2a".dropFirst()) == [0x3F, 0x2A])
    let every = Array(UInt8.min...UInt8.max)
    #expect(Hex.decode(Hex.encode(every)) == every)
  }

  @Test(arguments: ["a", "abc", "0g", "AB", "aB", "0x", " ab", "a\u{0}", "１２", "/0", ":0", "`a"])
  func `refuses other hexadecimal`(text: String) {
    #expect(Hex.decode(text) == nil)
  }

  @Test func `base 32`() {
    // 00000 00001 00010 ... 11111: every digit once.
    let bytes: [UInt8] = [
      0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF,
      0x84, 0x65, 0x3A, 0x56, 0xD7, 0xC6, 0x75, 0xBE, 0x77, 0xDF
    ]
    #expect(
      CrockfordBase32.lowercase(bytes, count: 32) == "0123456789abcdefghjkmnpqrstvwxyz")
    #expect(
      CrockfordBase32.uppercase(bytes, count: 32) == "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    #expect(CrockfordBase32.lowercase(bytes, count: 3) == "012")
    #expect(CrockfordBase32.lowercase([0xFF], count: 1) == "z")
    #expect(CrockfordBase32.lowercase([], count: 0) == "")
    #expect(
      CrockfordBase32.lowercase([UInt8](repeating: 0xFF, count: 17), count: 26)
        == String(repeating: "z", count: 26))
  }

  @Test func `base 32 needs enough bits`() async {
    await #expect(processExitsWith: .failure) {
      _ = CrockfordBase32.lowercase([1, 2, 3, 4], count: 7)
    }
  }

  @Test func `base 32 is recognised`() {
    #expect(CrockfordBase32.isValid("0123456789abcdefghjkmnpqrstvwxyz"))
    #expect(CrockfordBase32.isValid("0123456789ABCDEFGHJKMNPQRSTVWXYZ", uppercase: true))
    for text in ["", "i", "l", "o", "u", "A", "aB", "a-b", "a ", "é", "ａ", "{", "`"] {
      #expect(!CrockfordBase32.isValid(text), "\(text)")
    }
    for text in ["", "I", "L", "O", "U", "a", "Ab", "[", "@"] {
      #expect(!CrockfordBase32.isValid(text, uppercase: true), "\(text)")
    }
  }

  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("claim", "claim", 0), ("calim", "claim", 1),
    ("clam", "claim", 1), ("claims", "claim", 1), ("claxm", "claim", 1), ("kitten", "sitting", 3),
    ("ca", "abc", 3), ("abcdef", "badcfe", 3), ("한국", "한굴", 1), ("e\u{301}a", "\u{E9}a", 0)
  ])
  func `distances count edits`(left: String, right: String, expected: Int) {
    #expect(editDistance(left, right, limit: 10) == expected)
    #expect(editDistance(right, left, limit: 10) == expected)
    #expect(editDistance(left, right, limit: expected) == expected)
    #expect(editDistance(left, right, limit: expected - 1) == nil)
  }

  /// The limit only cuts work short: it never changes an answer.
  @Test func `limits agree with the full distance`() {
    var random = SeededGenerator(seed: 8)
    func word() -> String {
      String(
        (0..<Int.random(in: 0...5, using: &random)).map { _ in
          "abc".randomElement(using: &random)!
        })
    }
    for _ in 0..<3000 {
      let (left, right) = (word(), word())
      let full = editDistance(left, right, limit: .max)!
      #expect(full == Self.reference(Array(left), Array(right)))
      for limit in 0...7 {
        #expect(editDistance(left, right, limit: limit) == (full <= limit ? full : nil))
      }
    }
  }

  /// The definition, without memory of what was computed.
  static func reference(_ left: [Character], _ right: [Character]) -> Int {
    guard let last = left.last, let other = right.last else { return max(left.count, right.count) }
    var least = min(
      reference(left.dropLast(), right) + 1,
      reference(left, right.dropLast()) + 1,
      reference(left.dropLast(), right.dropLast()) + (last == other ? 0 : 1))
    if left.count > 1, right.count > 1, left[left.count - 2] == other,
      last == right[right.count - 2]
    {
      least = min(least, reference(left.dropLast(2), right.dropLast(2)) + 1)
    }
    return least
  }

  @Test func `finds the nearest`() {
    let commands = ["claim", "cancel", "checkpoint", "recover", "release", "resume", "retry"]
    #expect(nearest(to: "calim", in: commands, within: 2) == "claim")
    #expect(nearest(to: "relase", in: commands, within: 2) == "release")
    #expect(nearest(to: "retry", in: commands, within: 2) == "retry")
    #expect(nearest(to: "xyzzy", in: commands, within: 2) == nil)
    #expect(nearest(to: "claim", in: [], within: 2) == nil)
    // The first of those that are equally near, the nearer one before it.
    #expect(nearest(to: "agent", in: ["agent1", "agent2"], within: 2) == "agent1")
    #expect(nearest(to: "agent", in: ["agent12", "agent2"], within: 2) == "agent2")
    // Nothing in common is not near.
    #expect(nearest(to: "a", in: ["b", "bc"], within: 2) == nil)
    #expect(nearest(to: "", in: ["ab"], within: 2) == nil)
    #expect(nearest(to: "ab", in: ["ax"], within: 2) == "ax")
  }
}
