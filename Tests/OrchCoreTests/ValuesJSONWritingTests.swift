import OrchCore
import Testing

@Suite("Writing JSON")
struct ValuesJSONWritingTests {
  static func canonical(_ value: JSON) -> String {
    var bytes: [UInt8] = []
    value.writeCanonical(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `writes compactly in the order given`() {
    let value: JSON = [
      "z": [nil, true, false, -5, "x"], "a": [:], "n": .number("1.50"), "r": .raw("[1e5]"),
      "big": 9_007_199_254_740_992
    ]
    #expect(
      value.text()
        == #"{"z":[null,true,false,-5,"x"],"a":{},"n":1.50,"r":[1e5],"big":9007199254740992}"#)
    var bytes: [UInt8] = Array("x".utf8)
    JSON.array([]).write(into: &bytes)
    #expect(bytes == Array("x[]".utf8))
  }

  /// RFC 8785, section 3.2.2.2: these escapes and no others.
  @Test func `escapes no more than JCS does`() {
    var every = ""
    for value in UInt8(1)...0x7F { every.unicodeScalars.append(Unicode.Scalar(value)) }
    every += "\u{80}\u{2028}\u{2029}\u{FEFF}/€😀"
    let expected =
      #""\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
      + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c"#
      + ##"\u001d\u001e\u001f !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]"##
      + "^_`abcdefghijklmnopqrstuvwxyz{|}~\u{7F}\u{80}\u{2028}\u{2029}\u{FEFF}/€😀\""
    #expect(JSON.string(every).text() == expected)
    #expect(Self.canonical(.string(every)) == expected)
  }

  /// Strings are looked through several bytes at a time.
  @Test func `finds what to escape wherever it stands`() throws {
    let special = [
      "\"": "\\\"", "\\": "\\\\", "\u{1}": "\\u0001", "\u{1F}": "\\u001f", " ": " ", "!": "!",
      "\u{7F}": "\u{7F}", "é": "é", "한": "한", "😀": "😀"
    ]
    for (text, written) in special {
      for before in 0..<20 {
        for after in 0..<10 {
          let left = String(repeating: "x", count: before)
          let right = String(repeating: "~", count: after)
          let json = JSON.string(left + text + right)
          #expect(json.text() == "\"" + left + written + right + "\"")
          #expect(try JSON.parse(json.text()) == json)
        }
      }
    }
  }

  /// The strings and literals of RFC 8785, sections 3.2.2 to 3.2.4; its numbers are floats, which
  /// an event never has.
  @Test func `writes the example of RFC 8785`() throws {
    let value = try JSON.parse(
      #"""
      {
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }
      """#)
    #expect(
      Self.canonical(value)
        == #"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#)
    #expect(
      Self.canonical(["string": value["string"]!]).utf8.elementsEqual(
        Hex.decode(
          "7b22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d")!))
  }

  /// RFC 8785, section 3.2.3.
  @Test func `sorts the keys of RFC 8785`() throws {
    let value = try JSON.parse(
      #"""
      {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
      }
      """#)
    #expect(
      try JSON.parse(Self.canonical(value)).objectValue?.map(\.value.stringValue) == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"
      ])
  }

  @Test func `sorts inside objects only`() {
    #expect(
      Self.canonical(["b": [["d": 1, "c": [3, 2]], "a"], "a": ["bb": 1, "b": 2, "": 3]])
        == #"{"a":{"":3,"b":2,"bb":1},"b":[{"c":[3,2],"d":1},"a"]}"#)
  }

  @Test func `sorts random keys by UTF-16`() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<500 {
      var keys = Set<[UInt8]>()
      for _ in 0..<20 { keys.insert(Array(random.text().utf8)) }
      let texts = keys.map { String(decoding: $0, as: UTF8.self) }.shuffled(using: &random)
      let value = JSON.object(texts.map { JSONMember(key: $0, value: nil) })
      let sorted = try #require(try JSON.parse(Self.canonical(value)).objectValue).map(\.key)
      let expected = texts.sorted { Array($0.utf16).lexicographicallyPrecedes(Array($1.utf16)) }
      #expect(sorted.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }
  }

  /// A tree of every case that a parser makes.
  static func tree(depth: Int, canonical: Bool, using random: inout SeededGenerator) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .int(.random(in: JSON.safeIntegers, using: &random))
    case 3 where !canonical:
      return .number("\(Int64.random(in: 0 ... .max, using: &random)).50E-7")
    case 3, 4, 5: return .string(random.text())
    case 6:
      return .array(
        (0..<Int.random(in: 0..<5, using: &random)).map { _ in
          tree(depth: depth - 1, canonical: canonical, using: &random)
        })
    default:
      return .object(
        (0..<Int.random(in: 0..<16, using: &random)).map { index in
          JSONMember(
            key: "\(random.text())\(index)",
            value: tree(depth: depth - 1, canonical: canonical, using: &random))
        })
    }
  }

  @Test func `every tree survives its text`() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<1000 {
      let value = Self.tree(depth: 4, canonical: false, using: &random)
      let text = value.text()
      let read = try JSON.parse(text)
      #expect(read == value)
      #expect(read.hashValue == value.hashValue)
      #expect(try JSON.minified(text) == text)
    }
  }

  @Test func `the canonical form is one for every order`() throws {
    var random = SeededGenerator(seed: 6)
    for _ in 0..<1000 {
      let value = Self.tree(depth: 4, canonical: true, using: &random)
      let text = Self.canonical(value)
      #expect(Self.canonical(try JSON.parse(text)) == text)
      if case .object(let members) = value {
        #expect(Self.canonical(.object(members.shuffled(using: &random))) == text)
      }
    }
  }

  @Test func `has no canonical form for what others read differently`() async {
    await #expect(processExitsWith: .failure) {
      var bytes: [UInt8] = []
      JSON.array([.number("1.0")]).writeCanonical(into: &bytes)
    }
    await #expect(processExitsWith: .failure) {
      var bytes: [UInt8] = []
      JSON.object([JSONMember(key: "a", value: .raw("1"))]).writeCanonical(into: &bytes)
    }
    await #expect(processExitsWith: .failure) {
      var bytes: [UInt8] = []
      JSON.int(1 << 53).writeCanonical(into: &bytes)
    }
    await #expect(processExitsWith: .failure) {
      var bytes: [UInt8] = []
      JSON.object([JSONMember(key: "a", value: 1), JSONMember(key: "a", value: 2)])
        .writeCanonical(into: &bytes)
    }
  }

  @Test func `equals byte for byte and in order`() {
    let composed = JSON.string("\u{E9}")
    let decomposed = JSON.string("e\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(
      JSON(dictionaryLiteral: ("a", 1), ("b", 2)) != JSON(dictionaryLiteral: ("b", 2), ("a", 1)))
    #expect(JSON.number("1") != .int(1) && JSON.raw("1") != .number("1"))
    #expect(JSON.null != .bool(false))
    #expect(JSON.object([]) != .array([]))
  }

  @Test func `reads and makes values`() {
    let value: JSON = ["s": "t", "i": 7, "b": true, "a": [1], "o": [:], "n": nil]
    #expect(value["s"]?.stringValue == "t")
    #expect(value["i"]?.intValue == 7)
    #expect(value["b"]?.boolValue == true)
    #expect(value["a"]?.arrayValue == [1])
    #expect(value["o"]?.objectValue == [])
    #expect(value["n"]?.isNull == true && value["s"]?.isNull == false)
    #expect(value["missing"] == nil)
    #expect(value["s"]?.intValue == nil && value["i"]?.stringValue == nil)
    #expect(JSON.array([])["s"] == nil)
    #expect(JSON(nil as String?) == .null && JSON("a" as String?) == .string("a"))
    #expect(JSON(nil as Int?) == .null && JSON(5 as Int?) == .int(5))
    #expect(JSON(UInt64.max as UInt64?) == .number("18446744073709551615"))
    #expect(JSON(true as Bool?) == .bool(true))
  }
}
