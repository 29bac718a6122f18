import OrchCore
import OrchStore
import OrchTestSupport
import Testing

@Suite("A change: several decisions in one session")
struct ChangeTests {
  let logID = "0123456789ABCDEFGHJKMNPQRS"

  /// Decides and applies, on what the change has come to.
  @discardableResult
  func apply(_ command: Command, by actor: String = "a", to task: Task?, _ change: inout SessionChange) throws -> Task {
    let state = State(session: change.after, task: task, context: change.context)
    return try #require(try change.apply(try decide(command, by: .named(actor), on: state), to: task))
  }

  @Test func `later decisions see the earlier ones, and one row a task is stored`() throws {
    var change = SessionChange(Session(id: "s", logID: logID))
    var task = try apply(.add(.titled("t-1")), by: "jq", to: nil, &change)
    task = try apply(.claim(.token(1), named: true), to: task, &change)
    task = try apply(.resume(.token(2), fence: 1), to: task, &change)
    task = try apply(.checkpoint(.with { $0.phase = "p" }, fence: 2), to: task, &change)
    task = try apply(.checkpoint(.with { $0.note = "n" }, fence: 2), to: task, &change)
    #expect(change.context == Checkpoint.Context(phase: "p", note: "n"))
    let last = try change.entries[4].entry().event.data
    #expect(last.string(.phase) == "p" && last.string(.note) == "n")
    let other = try apply(.add(.titled("t-2")), by: "jq", to: nil, &change)
    task = try apply(.release(Release(.done), fence: 2), to: task, &change)

    #expect(change.tasks.map(\.after) == [task, other])
    #expect(change.tasks.allSatisfy { $0.before == nil })
    #expect(task.state == .done)
    #expect(
      change.grants == [
        Grant(tokenHash: .numbered(1), session: "s", logID: logID, task: "t-1", fence: 1),
        Grant(tokenHash: .numbered(2), session: "s", logID: logID, task: "t-1", fence: 2)
      ])
    #expect(change.before.seq == 0 && change.after.seq == 7 && change.after.lease == nil)
  }

  @Test func `entries are numbered and chained from the session's head`() throws {
    var first = SessionChange(Session(id: "s", logID: logID))
    let task = try apply(.add(.titled("t-1")), by: "jq", to: nil, &first)
    var second = SessionChange(first.after)
    for text in ["one", "two", "three"] { try apply(.note(text), to: task, &second) }
    let entries = try (first.entries + second.entries).map { try $0.entry() }
    let names = (first.entries + second.entries).map(\.id)
    #expect(entries.map(\.seq) == [1, 2, 3, 4])
    #expect(entries.map(\.parent) == [nil] + names.dropLast())
    #expect(names == entries.map { SHA256.digest(of: $0.canonicalBytes) })
    #expect(second.after.head == names.last)
    #expect(entries.allSatisfy { $0.logID == logID && $0.session == "s" })
  }

  @Test func `a replay of the entries gives the same rows`() throws {
    var change = SessionChange(Session(id: "s", logID: logID))
    var task = try apply(.add(.titled("t-1")), by: "jq", to: nil, &change)
    task = try apply(.claim(.token(1), named: true), to: task, &change)
    change.renewLease(at: at(100), ttlSeconds: 5)
    change.noticed()
    #expect(change.after.lease?.expiresAt == at(105) && change.after.lease?.noticedSeq == 2)
    let data: EventData = [.display: "Jae", .name: "jq", .role: "owner"]
    let roles = Roles(actor: "jq", author: "jq", reviewer: nil, source: nil)
    try change.apply(
      [Event(.agentDescribed, at: at(0), task: nil, roles: roles, fence: nil, commit: nil, data: data)], to: nil)
    #expect(change.agents == [AgentDescription(name: "jq", display: "Jae", role: "owner")])

    var replay = Replay(session: "s", logID: logID)
    for entry in change.entries { try replay.apply(try entry.entry(), id: entry.id) }
    #expect(change.after.differences(fromReplay: replay.session) == [])
    #expect(replay.tasks.keys.map { $0 } == ["t-1"])
    #expect(try task.differences(fromReplay: #require(replay.tasks["t-1"])) == [])
    #expect(replay.grants == [.numbered(1): change.grants[0]])
    #expect(replay.agents == ["jq": change.agents[0]])
  }

  @Test func `a digest in pieces is the digest of the whole`() {
    var running = SHA256()
    running.update([UInt8]("ab".utf8))
    let early = running.digest
    running.update("c".utf8)
    // SHA-256 of "ab" and "abc", as sha256sum says.
    #expect(early.hex == "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603")
    #expect(running.digest.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
