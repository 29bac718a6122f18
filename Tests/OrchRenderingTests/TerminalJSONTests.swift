import OrchCore
import OrchRendering
import Testing

@Suite("JSON for a terminal")
struct TerminalJSONTests {
  @Test func `says the same and moves nothing`() throws {
    let json = "{\"한글\":\"a\u{202E}b\u{9B}c\u{7F}\u{E0041}\u{FEFF}\",\"n\":1e400}"
    let shown = Terminal.escapedJSON(json)
    #expect(shown == "{\"한글\":\"a\\u202eb\\u009bc\\u007f\\udb40\\udc41\\ufeff\",\"n\":1e400}")
    #expect(try JSON.parse(shown) == JSON.parse(json))
  }

  @Test func `leaves what is harmless as it is`() {
    let json = #"{"a":"tab\t 문서 é 🎉","b":[1,2]}"#
    #expect(Terminal.escapedJSON(json) == json)
  }
}
