import OrchCore
import OrchTestSupport
import Testing

@Suite("An event's data")
struct EventDataTests {
  @Test func `the keys are one vocabulary, each once, plain`() {
    let keys = EventKey.allCases.map(\.rawValue)
    #expect(Set(keys).count == keys.count)
    for key in keys {
      #expect(key.utf8.allSatisfy { (65...90).contains($0) || (97...122).contains($0) }, "no key needs an escape")
      #expect(key.first?.isLowercase == true)
    }
  }

  @Test func `the types are one catalogue, each once`() {
    let types = EventType.allCases.map(\.rawValue)
    #expect(Set(types).count == types.count)
    #expect(types.allSatisfy { $0.split(separator: ".").count == 2 })
  }

  @Test func `members stand in the order of their keys, however they came`() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<50 {
      var data = EventData()
      for key in EventKey.allCases.shuffled(using: &generator) { data[key] = .string(key.rawValue) }
      let keys = data.members.map(\.key.rawValue)
      #expect(keys == keys.sorted { Array($0.utf16).lexicographicallyPrecedes(Array($1.utf16)) })
      #expect(keys.count == EventKey.allCases.count)
    }
    let literal: EventData = [.why: "w", .after: ["a"], .host: "h", .body: nil]
    #expect(literal.members.map(\.key) == [.after, .host, .why])
    let twice: EventData = [.host: "1", .host: "2"]
    #expect(twice.members.map(\.value) == ["2"])
  }

  @Test func `a member is replaced and removed by key`() {
    var data: EventData = [.host: "h", .why: "w"]
    data[.why] = "v"
    #expect(data[.why] == "v" && data.members.count == 2)
    data[.host] = nil
    #expect(data[.host] == nil && !data.has(.host) && data.members.count == 1)
    data[.host] = nil
    #expect(data.members.count == 1)
  }

  @Test func `values read as what they are, and as nothing else`() {
    let data: EventData = [
      .agent: "a", .attempt: .int(3), .forced: true, .expiresAt: .instant(at(1)), .after: ["x", "y"],
      .tokenHash: .string(Digest.numbered(5).hex), .body: .null
    ]
    #expect(data.string(.agent) == "a" && data.string(.attempt) == nil && data.string(.body) == nil)
    #expect(data.int(.attempt) == 3 && data.int(.agent) == nil)
    #expect(data.bool(.forced) && !data.bool(.agent) && !data.bool(.why))
    #expect(data.instant(.expiresAt) == at(1) && data.instant(.agent) == nil)
    #expect(data.strings(.after) == ["x", "y"] && data.strings(.agent) == nil)
    #expect(data.digest(.tokenHash) == .numbered(5) && data.digest(.agent) == nil)
    #expect(data.has(.body) && !data.has(.why))
  }

  @Test func `a digest reads its own digits and sorts as its bytes do`() throws {
    var generator = SeededGenerator(seed: 2)
    var digests: [Digest] = []
    for _ in 0..<100 {
      let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let digest = try #require(Digest(bytes: bytes))
      #expect(digest.bytes == bytes && Digest(hex: digest.hex) == digest && digest.hex == Hex.encode(bytes))
      digests.append(digest)
    }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    #expect(Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    #expect(Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
    #expect(Digest(hex: "aa") == nil && Digest(hex: Digest.numbered(1).hex.uppercased()) == nil)
  }
}
