import OrchCore
import OrchStore
import OrchTestSupport
import Testing

/// What a newer program wrote, read by this one.
@Suite("Events of newer programs")
struct NewerEventTests {
  /// A text of an entry and what a newer program has in its place; the result is canonical again.
  private func changed(_ entry: LogEntry, _ edits: (String, String)...) throws -> [UInt8] {
    var text = String(decoding: entry.canonicalBytes, as: UTF8.self)
    for (old, new) in edits {
      let place = try #require(text.firstRange(of: old), "\(old) is not in \(text)")
      text.replaceSubrange(place, with: new)
    }
    var bytes: [UInt8] = []
    try JSON.parse(text).writeCanonical(into: &bytes)
    return bytes
  }

  private let entry = LogEntryTests.first

  @Test func `an unknown type keeps its name, its place and its bytes`() throws {
    let bytes = try changed(entry, ("task.added", "task.starred"))
    let read = try LogEntry(json: bytes)
    #expect(read.understanding == .nothing && read.event.type == .unknown("task.starred"))
    #expect(read.event.type.rawValue == "task.starred" && read.event.type.isUnknown)
    #expect(read.logID == entry.logID && read.session == entry.session && read.seq == 1 && read.parent == nil)
    #expect(read.event.at == entry.event.at && read.event.task == "t-1" && read.event.roles == entry.event.roles)
    #expect(read.event.data == entry.event.data)
    #expect(read.canonicalBytes == bytes)
    #expect(StoredEvent(read).id == SHA256.digest(of: bytes))
  }

  @Test func `keys that this program does not know are kept, and the rest is read`() throws {
    let more = "{\"x\":[1,null,{\"y\":\"재규\"}]}"
    let edits = [("{\"actor\"", "{\"zebra\":\(more),\"actor\""), ("{\"kind\"", "{\"colour\":\(more),\"kind\"")]
    for edit in edits {
      let bytes = try changed(entry, edit)
      let read = try LogEntry(json: bytes)
      #expect(read.understanding == .butKeys && read.event.type == .taskAdded)
      #expect(read.event.data.members == entry.event.data.members)
      #expect(read.canonicalBytes == bytes)
    }
    let read = try LogEntry(json: try changed(entry, edits[1]))
    #expect(read.event.data.unknown.map(\.key) == ["colour"])
    #expect(read.event.data.json.text().hasPrefix("{\"colour\":{\"x\":[1,null,"), "where its key belongs")
  }

  @Test func `a key more in a position or a submission is one that is not known`() throws {
    var linked = entry
    linked.event.commit = CommitPosition(branch: "b", dirty: false, oid: "o", repository: "r", tree: "t")
    #expect(try LogEntry(json: linked.canonicalBytes).understanding == .all)
    let moved = try changed(linked, ("\"dirty\"", "\"depth\":1,\"dirty\""))
    #expect(try LogEntry(json: moved).understanding == .butKeys)
    var submitted = entry
    submitted.event = EventExample.of(.reviewRequested).event
    #expect(try LogEntry(json: submitted.canonicalBytes).understanding == .all)
    let deeper = try changed(submitted, ("\"dirty\"", "\"depth\":1,\"dirty\""))
    #expect(try LogEntry(json: deeper).understanding == .butKeys)
  }

  @Test func `of a higher schema only its place is read`() throws {
    let bytes = try changed(
      entry, ("\"schema\":1", "\"schema\":2"), ("\"actor\":\"jq\"", "\"actor\":{\"name\":\"jq\"}"),
      ("\"fence\":null", "\"fence\":\"7\""), ("\"reviewer\":null,", ""))
    let read = try LogEntry(json: bytes)
    #expect(read.schema == 2 && read.understanding == .nothing && read.event.type == .unknown("task.added"))
    #expect(read.event.roles.actor == nil && read.event.roles.author == "jq" && read.event.fence == nil)
    #expect(read.event.task == "t-1" && read.seq == 1 && read.canonicalBytes == bytes)
    let others: [(String, String)] = [
      ("\"log\":\"0123456789ABCDEFGHJKMNPQRS\",", ""), ("\"seq\":1", "\"seq\":\"1\""), ("\"session\":\"kpi\",", ""),
      ("2026-11-23T08:00:00.000Z\",\"author", "later\",\"author"), ("\"type\":", "\"kind\":"),
      ("\"parent\":null", "\"parent\":[\"a\"]"), ("\"priority\":5", "\"priority\":5.5")
    ]
    for (old, new) in others {
      let text = String(decoding: bytes, as: UTF8.self)
      let place = try #require(text.firstRange(of: old))
      let damaged = text[..<place.lowerBound] + new + text[place.upperBound...]
      #expect(throws: LogEntry.Malformed.self, "\(new)") { try LogEntry(json: Array(damaged.utf8)) }
    }
  }

  // MARK: Older ones

  /// A schema 0, of which no program has written any event: it called the actor `who` and had no `reviewer`.
  private let upcasters = [
    Upcaster(from: 0) { members throws(LogEntry.Malformed) in
      guard let place = members.firstIndex(where: { $0.key == "who" }) else {
        throw LogEntry.Malformed(.eventMissing(key: "who"))
      }
      members[place].key = "actor"
      members.append(JSONMember(key: "reviewer", value: .null))
    }
  ]

  @Test func `an older schema is read through its upcasters, and keeps its bytes`() throws {
    let bytes = try changed(
      entry, ("\"schema\":1", "\"schema\":0"), ("\"actor\"", "\"who\""), ("\"reviewer\":null,", ""))
    let read = try LogEntry(json: bytes, upcasters: upcasters)
    #expect(read.schema == 0 && read.understanding == .all)
    #expect(read.event == entry.event && read.seq == entry.seq && read.logID == entry.logID)
    #expect(read.canonicalBytes == bytes)
    #expect(throws: LogEntry.Malformed(.entryUnknownSchema(number: 0))) { try LogEntry(json: bytes) }
    let other = try changed(entry, ("\"schema\":1", "\"schema\":0"))
    #expect(throws: LogEntry.Malformed(.eventMissing(key: "who"))) {
      try LogEntry(json: other, upcasters: upcasters)
    }
  }

  @Test func `steps follow one another up to the present schema`() throws {
    let bytes = try changed(
      entry, ("\"schema\":1", "\"schema\":-1"), ("\"actor\"", "\"by\""), ("\"reviewer\":null,", ""))
    let earlier = Upcaster(from: -1) { members throws(LogEntry.Malformed) in
      for index in members.indices where members[index].key == "by" { members[index].key = "who" }
    }
    #expect(try LogEntry(json: bytes, upcasters: upcasters + [earlier]).event == entry.event)
    #expect(throws: LogEntry.Malformed.self) { try LogEntry(json: bytes, upcasters: upcasters) }
    #expect(throws: LogEntry.Malformed.self) { try LogEntry(json: bytes, upcasters: [earlier]) }
  }

  // MARK: State

  private func read(_ event: Event, seq: Int, _ edit: (String, String)? = nil) throws -> LogEntry {
    let entry = LogEntry(logID: "l", session: "s", seq: seq, parent: seq == 1 ? nil : .numbered(1), event: event)
    guard let edit else { return entry }
    return try LogEntry(json: try changed(entry, edit))
  }

  @Test func `state stops at what is not understood`() throws {
    let before = given(added()).state
    let starred = try read(event(.noteAdded, "x", at: at(5), [.text: "t"]), seq: 2, ("note.added", "task.starred"))
    let after = try evolve(before, reading: starred)
    var expected = before
    expected.session.seq = 2
    expected.session.at = at(5)
    expected.session.neededVocabulary = EventVocabulary.current + 1
    expected.session.readVocabulary = EventVocabulary.current
    #expect(after == expected)
    #expect(after.session.isBehind && !after.session.isUnderstood)
    // What comes after it may rest on it.
    let later = try evolve(after, reading: try read(claimed(), seq: 3))
    #expect(later.session.lease == nil && later.task?.state == .queued && later.session.seq == 3)
    #expect(later.session.fence == 0)
    // A task that appears then has at least its id.
    var other = after
    other.task = nil
    let named = try evolve(other, reading: try read(event(.noteAdded, "x", task: "t-9", [.text: "t"]), seq: 3))
    #expect(
      named.task?.id == "t-9" && named.task?.title == Task.unknownTitle && named.task?.logID == after.session.logID)
    var addition = added(at: at(6), [.key: "k"])
    addition.task = "t-7"
    let new = try evolve(other, reading: try read(addition, seq: 3))
    #expect(new.task?.id == "t-7" && new.task?.title == "Title of t-1" && new.task?.key == nil)
  }

  @Test func `keys alone stop nothing, and are noted`() throws {
    let before = given(added()).state
    let noted = try read(claimed(), seq: 2, ("\"host\"", "\"hue\":1,\"host\""))
    let after = try evolve(before, reading: noted)
    #expect(after.task?.state == .running && after.session.lease != nil)
    #expect(after.session.readVocabulary == EventVocabulary.current)
    #expect(!after.session.isBehind && after.session.isUnderstood)
    #expect(try evolve(before, reading: try read(claimed(), seq: 2)).session.readVocabulary == nil)
  }

  @Test func `rows that a newer program wrote are right, and nothing to decide on`() throws {
    var session = given(added()).state.session
    session.neededVocabulary = EventVocabulary.current + 3
    #expect(!session.isBehind && !session.isUnderstood)
    // Of two programs that passed something over, the one that knew less counts.
    session.readVocabulary = EventVocabulary.current + 1
    let after = try evolve(
      State(session: session, task: nil), reading: try read(event(.noteAdded, "x", task: nil, [.text: "t"]), seq: 2))
    #expect(after.session.neededVocabulary == EventVocabulary.current + 3)
    #expect(after.session.readVocabulary == EventVocabulary.current)
  }

  @Test func `nothing is decided on a session that is not understood`() throws {
    let state = given(added()).state
    var session = state.session
    session.neededVocabulary = EventVocabulary.current + 1
    let events = try decide(.note("x"), by: .named("jq"), on: state)
    var change = SessionChange(session)
    #expect(throws: StoreError.notUnderstood(session)) {
      try change.apply(events, to: state.task)
    }
    #expect(change.entries.isEmpty && change.after == session)
  }

  @Test func `a replay stops where the program does, with the chain`() throws {
    var change = SessionChange(Session(id: "s", logID: "l"))
    let task = try change.apply(
      try decide(.add(.titled("t-1")), by: .named("jq"), on: State(session: change.after, task: nil)), to: nil)
    func next(_ event: Event, _ edit: (String, String)? = nil) throws {
      var entry = LogEntry(
        logID: "l", session: "s", seq: change.after.seq + 1, parent: change.after.head, event: event)
      if let edit { entry = try LogEntry(json: try changed(entry, edit)) }
      try change.apply(StoredEvent(entry), entry, to: change.tasks.first?.after)
    }
    try next(event(.noteAdded, "x", [.text: "t"]), ("note.added", "task.starred"))
    try next(claimed())
    #expect(change.after.seq == 3 && change.after.head == change.entries[2].id && change.grants.isEmpty)
    #expect(change.tasks.map(\.after) == [task])
    var replay = Replay(session: "s", logID: "l")
    for recorded in change.entries { try replay.apply(try recorded.entry(), id: recorded.id) }
    #expect(replay.session == change.after && replay.tasks["t-1"] == task && replay.grants.isEmpty)
  }
}
