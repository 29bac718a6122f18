import OrchGit
import Testing

@Suite("Lineage in trailers")
struct TrailerLineageTests {
  private let logID = "01hx5t0000000000000000000a"
  private let event = "3f2a91c4b7d0"

  private func lineage(_ text: String) -> LineageTrailers { LineageTrailers(Array(text.utf8)) }

  @Test func `a block says who, and which task under which lease at which event`() {
    let found = lineage(
      """
      feat: x (company-agent)

      Author: company-agent
      Reviewer: home-agent
      Source: openclaw:discord
      Orch-Task: t-7k2f9q3h
      Orch-Lease: kpi#3
      Orch-Event: \(logID)/\(event)

      """)
    #expect(found.author == "company-agent" && found.reviewer == "home-agent" && found.source == "openclaw:discord")
    #expect(
      found.tasks == [
        .init(task: "t-7k2f9q3h", lease: .init(session: "kpi", fence: 3), event: .init(logID: logID, id: event))
      ])
    #expect(found.malformed.isEmpty)
    #expect(!found.isEmpty && lineage("feat: x\n\nprose\n").isEmpty)
  }

  @Test func `each paragraph of a squash has its own task`() {
    let found = lineage(
      """
      feat: both (#12)

      * one

      Author: a
      Orch-Task: t-1
      Orch-Event: \(logID)/\(event)

      * two

      Orch-Event: \(logID)/0123456789
      Orch-Task: t-2
      Orch-Lease: kpi#4

      Author: b
      Author: a
      Orch-Task: t-1

      """)
    #expect(
      found.tasks == [
        .init(task: "t-1", event: .init(logID: logID, id: event)),
        .init(task: "t-2", lease: .init(session: "kpi", fence: 4), event: .init(logID: logID, id: "0123456789")),
        .init(task: "t-1")
      ])
    #expect(found.authors == ["b", "a"] && found.author == "b")
    #expect(found.malformed.isEmpty)
  }

  @Test func `several tasks in a block have what stands below each`() {
    let found = lineage(
      "T\n\nOrch-Lease: k#1\nOrch-Task: t-1\nOrch-Lease: k#2\nOrch-Task: t-2\nOrch-Event: \(logID)/\(event)\n")
    #expect(
      found.tasks == [
        .init(task: "t-1", lease: .init(session: "k", fence: 2)),
        .init(task: "t-2", event: .init(logID: logID, id: event))
      ])
    #expect(found.malformed == [Trailer("Orch-Lease", "k#1")])
  }

  @Test func `what does not hold is kept apart`() {
    let found = lineage(
      """
      T

      Orch-Task: two words
      Orch-Lease: kpi#3
      Orch-Task: t-1
      Orch-Lease: kpi
      Orch-Event: \(logID)/\(event)
      Orch-Event: \(logID)/\(event)
      Orch-Event: \(logID)/ffffffffffff
      Reviewer:

      """)
    #expect(found.tasks == [.init(task: "t-1", event: .init(logID: logID, id: event))])
    #expect(
      found.malformed == [
        Trailer("Orch-Task", "two words"), Trailer("Orch-Lease", "kpi#3"), Trailer("Orch-Lease", "kpi"),
        Trailer("Orch-Event", "\(logID)/ffffffffffff")
      ])
    #expect(found.reviewer == nil)
  }

  @Test func `a value that is not UTF-8 names nothing`() {
    let found = LineageTrailers(Array("T\n\nAuthor: ".utf8) + [0xb0, 0xa1] + Array("\nOrch-Task: t-".utf8) + [0xff, 10])
    #expect(found.tasks.isEmpty)
    #expect(found.malformed == [Trailer("Orch-Task", "t-\u{fffd}")])
    #expect(found.author == "\u{fffd}\u{fffd}")
  }

  @Test(arguments: [
    "", "#1", "k#", "k#0", "k#01", "k#+1", "k#-1", "k#1 ", "k#9223372036854775808", "k", "-k#1", "k l#1"
  ])
  func `no lease`(text: String) { #expect(LineageTrailers.Lease(text) == nil) }

  @Test func `an event reads in either case and in its bounds`() {
    #expect(LineageTrailers.Event("\(logID.uppercased())/\(event)")?.description == "\(logID)/\(event)")
    #expect(LineageTrailers.Event("\(logID)/" + String(repeating: "a", count: 64)) != nil)
    #expect(LineageTrailers.Lease("시간:a#12")?.description == "시간:a#12")
    for text in [
      "\(logID)/", "\(logID)", "/\(event)", "\(logID)/\(event)/", "\(logID)/012345678", "\(logID)/\(event)G",
      "\(logID)/\(event.uppercased())",
      "\(logID)/" + String(repeating: "a", count: 65), "\(logID)0/\(event)", "01hX5t0000000000000000000a/\(event)",
      "01hi5t0000000000000000000a/\(event)"
    ] { #expect(LineageTrailers.Event(text) == nil) }
  }
}
