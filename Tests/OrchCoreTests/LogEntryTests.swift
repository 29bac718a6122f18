import OrchCore
import OrchStore
import OrchTestSupport
import Testing

/// The envelope's bytes and names. The constants were made with Python's `json` and `hashlib`, not with this program:
///
///     json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
@Suite("The log's entries")
struct LogEntryTests {
  static let first = LogEntry(
    logID: "0123456789ABCDEFGHJKMNPQRS", session: "kpi", seq: 1, parent: nil, event: added())

  static let second = LogEntry(
    logID: "0123456789ABCDEFGHJKMNPQRS", session: "kpi", seq: 2, parent: StoredEvent(first).id,
    event: Event(
      .checkpointSaved, at: at(960).adding(milliseconds: 123), task: "t-1",
      roles: Roles(actor: "회사재규", author: "a", reviewer: "r", source: "cli:box"), fence: 3,
      commit: CommitPosition(branch: nil, dirty: true, oid: "96c4fe2d", repository: "local:1f", tree: nil),
      data: [
        .late: true,
        .nextAction:
          "quote \" back \\ slash / tab \t newline \n bell \u{7} del \u{7f} line \u{2028} clef \u{1d11e} 재규",
        .data: "{\"a\":1.50}", .body: .null, .reviewers: ["r", "q"], .exitStatus: .int(-9_007_199_254_740_991)
      ]))

  @Test func `the bytes are those that anybody else writes`() {
    #expect(
      String(decoding: Self.first.canonicalBytes, as: UTF8.self) == """
        {"actor":"jq","at":"2026-11-23T08:00:00.000Z","author":"jq","commit":null,"data":{"kind":"task",\
        "maxAttempts":4,"priority":5,"readyAt":"2026-11-23T08:00:00.000Z","title":"Title of t-1"},"fence":null,\
        "log":"0123456789ABCDEFGHJKMNPQRS","parent":null,"reviewer":null,"schema":1,"seq":1,"session":"kpi",\
        "source":"cli:box","task":"t-1","type":"task.added"}
        """)
    #expect(
      String(decoding: Self.second.canonicalBytes, as: UTF8.self) == """
        {"actor":"회사재규","at":"2026-11-23T08:16:00.123Z","author":"a","commit":{"branch":null,"dirty":true,\
        "oid":"96c4fe2d","repository":"local:1f","tree":null},"data":{"body":null,"data":"{\\"a\\":1.50}",\
        "exitStatus":-9007199254740991,"late":true,"nextAction":"quote \\" back \\\\ slash / tab \\t newline \\n bell \
        \\u0007 del \u{7f} line \u{2028} clef \u{1d11e} 재규","reviewers":["r","q"]},"fence":3,\
        "log":"0123456789ABCDEFGHJKMNPQRS",\
        "parent":"7508c3cc8d487bb6900bde9ff937fcbbbc104b0caa84f65000a772fd0c422c96","reviewer":"r","schema":1,\
        "seq":2,"session":"kpi","source":"cli:box","task":"t-1","type":"checkpoint.saved"}
        """)
  }

  @Test func `the names are the hashes that anybody else computes`() {
    #expect(StoredEvent(Self.first).id.hex == "7508c3cc8d487bb6900bde9ff937fcbbbc104b0caa84f65000a772fd0c422c96")
    #expect(StoredEvent(Self.second).id.hex == "38cfb6fe71dd8eb95df8cea052f5e9b1c201753b1bdc693c995a9a2cba0e90d2")
  }

  @Test(arguments: EventType.allCases)
  func `an entry of every type comes back as it was`(type: EventType) throws {
    for position in [nil, CommitPosition(branch: "b", dirty: false, oid: "o", repository: "r", tree: "t")] {
      for (task, fence, parent) in [("t-1", 7, EventID.numbered(9)), (nil, nil, nil)] as [(String?, Int?, EventID?)] {
        let entry = LogEntry(
          logID: "L", session: "세션", seq: 4, parent: parent,
          event: Event(
            type, at: at(1), task: task,
            roles: Roles(actor: task, author: nil, reviewer: "r", source: task), fence: fence, commit: position,
            data: [.text: "t\"\\\u{1}\u{10ffff}", .attempt: .int(3), .after: ["a", "b"]]))
        #expect(try LogEntry(json: entry.canonicalBytes) == entry)
        #expect(try StoredEvent(position: 1, id: StoredEvent(entry).id, bytes: entry.canonicalBytes).entry() == entry)
      }
    }
  }

  @Test func `an entry reads whatever its white space and order`() throws {
    let text = String(decoding: Self.first.canonicalBytes, as: UTF8.self)
    let spaced = text.dropFirst().dropLast().split(separator: ",\"author\"")
    #expect(spaced.count == 2)
    let reordered = "{ \"author\"\(spaced[1]) , \(spaced[0]) }"
    #expect(try LogEntry(json: Array(reordered.utf8)) == Self.first)
  }

  /// A text of the first entry and what to put in its place.
  static let damages: [(String, String)] = [
    ("\"actor\":\"jq\",", ""), ("\"actor\":\"jq\"", "\"actor\":7"), ("\"actor\"", "\"actress\""),
    ("{\"actor\"", "{\"more\":1.5,\"actor\""), ("\"schema\":1", "\"schema\":\"1\""), ("\"schema\":1,", ""),
    ("\"schema\":1", "\"schema\":0"), ("\"schema\":1", "\"schema\":-9007199254740991"),
    ("\"type\":\"", "\"type\":null,\"x\":\""),
    ("\"seq\":1", "\"seq\":null"), ("\"seq\":1", "\"seq\":1.5"), ("\"parent\":null", "\"parent\":\"abc\""),
    ("\"parent\":null", "\"parent\":0"), ("\"fence\":null", "\"fence\":\"1\""), ("\"commit\":null", "\"commit\":{}"),
    ("\"commit\":null", "\"commit\":[]"), ("\"task.added\"", "7"),
    ("2026-11-23T08:00:00.000Z\",\"author", "noon\",\"author"),
    ("\"data\":{", "\"data\":7,\"date\":{"), ("\"session\":\"kpi\"", "\"session\":null"),
    ("\"log\":\"0", "\"log\":null,\"log\":\"0"),
    ("}", ""), ("{\"actor\"", "[{\"actor\"")
  ]

  @Test(arguments: damages)
  func `anything else is refused`(old: String, new: String) throws {
    let text = String(decoding: Self.first.canonicalBytes, as: UTF8.self)
    let place = try #require(text.firstRange(of: old))
    let damaged = text.replacingCharacters(in: place, with: new)
    #expect(throws: LogEntry.Malformed.self) { try LogEntry(json: Array(damaged.utf8)) }
    #expect(throws: StoreError.self) {
      try StoredEvent(position: 1, id: .numbered(1), bytes: Array(damaged.utf8)).entry()
    }
  }

  @Test func `any change of an entry changes its name`() {
    var changed = Self.second
    changed.seq += 1
    var names: Set<EventID> = [StoredEvent(Self.second).id, StoredEvent(changed).id]
    changed = Self.second
    changed.parent = nil
    names.insert(StoredEvent(changed).id)
    changed = Self.second
    changed.event.data[.late] = nil
    names.insert(StoredEvent(changed).id)
    changed = Self.second
    changed.event.roles.reviewer = nil
    names.insert(StoredEvent(changed).id)
    #expect(names.count == 5)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    var copy = self
    copy.replaceSubrange(range, with: text)
    return copy
  }
}
