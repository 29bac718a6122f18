import OrchCore
import OrchTestSupport
import Testing

@Suite("Reading JSON")
struct ValuesJSONParsingTests {
  static let values: [(String, JSON)] = [
    ("null", .null),
    (" true\n", .bool(true)),
    ("false", .bool(false)),
    ("0", .int(0)),
    ("-7", .int(-7)),
    ("9007199254740991", .int(9_007_199_254_740_991)),
    ("-9007199254740991", .int(-9_007_199_254_740_991)),
    ("9007199254740992", .number("9007199254740992")),
    ("-9007199254740992", .number("-9007199254740992")),
    ("123456789012345678901234567890", .number("123456789012345678901234567890")),
    ("-0", .number("-0")),
    ("1.0", .number("1.0")),
    ("1.50", .number("1.50")),
    ("1E400", .number("1E400")),
    ("-0.0e-00", .number("-0.0e-00")),
    ("\"\"", .string("")),
    (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
    (#""\u20ac\uD83D\uDE00 é😀한""#, .string("€😀 é😀한")),
    (#""\u0001\u007f\uffff""#, .string("\u{1}\u{7F}\u{FFFF}")),
    ("[]", .array([])),
    ("[ 1 ,\t\"a\",\r\n[ ] ]", .array([.int(1), .string("a"), .array([])])),
    ("{ }", .object([])),
    (
      #" { "b" : 1 , "a" : { "" : null } } "#,
      .object([
        JSONMember(key: "b", value: .int(1)),
        JSONMember(key: "a", value: .object([JSONMember(key: "", value: .null)]))
      ])
    )
  ]

  @Test(arguments: values)
  func `reads`(text: String, value: JSON) throws {
    #expect(try JSON.parse(text) == value)
    #expect(try JSON.parse(Array(text.utf8)) == value)
    // A collection without contiguous storage.
    #expect(try JSON.parse(text.utf8.lazy.map { $0 }) == value)
  }

  @Test(arguments: [
    ("", 0), ("  ", 2), ("nul", 0), ("nulL", 0), ("True", 0), ("NaN", 0), ("'a'", 0),
    ("01", 0), ("-01", 1), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2), ("1.e5", 2), ("1e", 2),
    ("1e+", 3), ("0x10", 1), ("1 2", 2), ("[1]]", 3), ("null\u{0}", 4), ("\u{FEFF}null", 0),
    ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("[1}", 2),
    ("{", 1), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6), ("{\"a\":1,}", 7), ("{a:1}", 1),
    ("{1:1}", 1), ("{\"a\" 1}", 5), ("{\"a\":1 \"b\":2}", 7), ("/**/1", 0), ("\u{A0}1", 0),
    ("\"", 1), ("\"a", 2), ("\"\\", 1), (#""\x""#, 1), (#""\u12"#, 5), (#""\u12G4""#, 5),
    ("\"a\nb\"", 2), ("\"\u{0}\"", 1), ("\"\u{1F}\"", 1),
    (#""\u0000""#, 1), (#""a\ud800""#, 2), (#""\udc00""#, 1), (#""\ud800\u0041""#, 1),
    (#""\ud800\ud800""#, 1), (#""\ud800x""#, 1), (#""\udc00\ud800""#, 1),
    (#"{"a":1,"b":2,"a":3}"#, 13), (#"{"a":1,"\u0061":2}"#, 7), (#"[{"":1,"":2}]"#, 7)
  ])
  func `refuses`(text: String, offset: Int) throws {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error?.offset == offset, "\(text.debugDescription): \(String(describing: error))")
    #expect(error?.message.english.hasSuffix(" (at byte \(offset))") == true)
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x9F, 0xBF], [0xE2, 0x82],
      [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x28], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xFF]
    ] as [[UInt8]])
  func `refuses invalid UTF-8`(bytes: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let error = #expect(throws: JSONError.self) {
      try JSON.parse([quote, UInt8(ascii: "a")] + bytes + [quote])
    }
    #expect(error == JSONError(.notUTF8, offset: 2))
    // Cut off by the end of the text.
    #expect(throws: JSONError.self) { try JSON.parse([quote] + bytes) }
  }

  @Test(arguments: [
    "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}",
    "\u{10000}", "\u{10FFFF}"
  ])
  func `reads the ends of every length`(text: String) throws {
    #expect(try JSON.parse("\"\(text)\"") == .string(text))
  }

  @Test func `nests as deep as allowed and no deeper`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try JSON.parse(nested(128)).text() == nested(128))
    #expect(throws: JSONError.self) { try JSON.parse(nested(129)) }
    #expect(throws: JSONError.self) { try JSON.parse("[]", maxDepth: 0) }
    #expect(try JSON.parse("1", maxDepth: 0) == .int(1))
    #expect(throws: JSONError.self) { try JSON.parse(#"{"a":[]}"#, maxDepth: 1) }
    #expect(try JSON.parse(#"{"a":[],"b":{}}"#, maxDepth: 2)["b"] == .object([]))
  }

  @Test(arguments: [#"{"a":"#, "[", #"[{"a":"#])
  func `never overflows the stack`(opening: String) {
    let text = String(repeating: opening, count: 100_000)
    let error = #expect(throws: JSONError.self) { try JSON.parse(text, maxDepth: .max) }
    #expect(error?.message.english.contains("512") == true)
    #expect(throws: JSONError.self) { try JSON.minified(text, maxDepth: .max) }
  }

  @Test func `deepest tree can be used`() throws {
    let depth = JSON.deepest / 2
    let text =
      String(repeating: #"{"a":["#, count: depth) + "1" + String(repeating: "]}", count: depth)
    let value = try JSON.parse(text, maxDepth: .max)
    var canonical: [UInt8] = []
    value.writeCanonical(into: &canonical)
    #expect(canonical == Array(text.utf8))
    #expect(Set([value]).contains(try JSON.parse(text, maxDepth: .max)))
  }

  @Test func `keys are the same only byte for byte`() throws {
    let value = try JSON.parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(value["\u{E9}"] == 1)
    #expect(value["e\u{301}"] == 2)
  }

  @Test func `finds a repeated key among many`() throws {
    let members = (0..<1000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    #expect(try JSON.parse("{\(members)}")["k999"] == 999)
    for key in ["k0", "k11", "k12", "k999"] {
      let error = #expect(throws: JSONError.self) { try JSON.parse("{\(members),\"\(key)\":0}") }
      #expect(error?.offset == members.utf8.count + 2)
    }
  }

  @Test func `keeps huge numbers digit for digit`() throws {
    let digits = String(repeating: "9", count: 100_000)
    #expect(
      try JSON.parse("[\(digits),-\(digits).\(digits)e\(digits)]").text()
        == "[\(digits),-\(digits).\(digits)e\(digits)]")
  }

  @Test(arguments: [
    (
      " { \"b\" : [ 1.50 , -0 ,\n\t1e5 ] ,\r\n\"a\" : \" x \\\" y \\\\\" } ",
      "{\"b\":[1.50,-0,1e5],\"a\":\" x \\\" y \\\\\"}"
    ),
    ("\"\\u0041\\/ \u{2028}\"", "\"\\u0041\\/ \u{2028}\""),
    ("\t12345678901234567890 ", "12345678901234567890"),
    ("\"e\u{301} 한글\" ", "\"e\u{301} 한글\"")
  ])
  func `minifies`(text: String, compact: String) throws {
    #expect(Array(try JSON.minified(text).utf8) == Array(compact.utf8))
  }

  @Test func `minifying refuses what is no document`() {
    for text in ["", "[1,]", #"{"a":1,"a":2}"#, #""\ud800""#, "[[]]"] {
      #expect(throws: JSONError.self) { try JSON.minified(text, maxDepth: 1) }
    }
    #expect(throws: JSONError.self) { try JSON.minified("[1, 2]", maxBytes: 5) }
    #expect(throws: Never.self) { try JSON.minified("[1, 2]", maxBytes: 6) }
    let mebibyte = "\"" + String(repeating: "a", count: 1 << 20) + "\""
    #expect(throws: JSONError.self) { try JSON.minified(mebibyte) }
  }

  /// Whatever happens to a document on its way, it is refused or read, and what is read is kept.
  @Test func `damaged documents are refused or kept`() throws {
    let document = Array(
      #" {"a":[1,-2.50e+3,"x\"\\\u00e9\ud83d\ude00",null],"한":{"b":true,"c":false},"":[[{}]]} "#
        .utf8)
    var random = SeededGenerator(seed: 9)
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = document
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(document.randomElement(using: &random)!, at: index)
        default: bytes.removeSubrange(index...)
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      do throws(JSONError) {
        let value = try JSON.parse(bytes)
        let text = try JSON.minified(String(decoding: bytes, as: UTF8.self))
        #expect(try JSON.parse(value.text()) == value)
        #expect(try JSON.parse(text) == value)
        #expect(String(validating: bytes, as: UTF8.self) != nil)
      } catch {
        refused += 1
        #expect((0...bytes.count).contains(error.offset))
      }
    }
    #expect((1000...19_000).contains(refused))
  }
}
