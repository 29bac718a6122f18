import OrchCore
import OrchTestSupport
import Testing

@Suite("What a claim says")
struct ClaimTextTests {
  @Test func `tells what its holder needs to know`() async throws {
    let home = Home()
    let task = home.add(
      "Implement the schema", "--body", "Two tables.\n\nAnd an index.", "--session", "kpi", "--reviewer", "home-agent",
      "--payload", #"{"date": "2026-02-20"}"#)
    home.claim(as: "company-agent")
    home.ok(
      "checkpoint", "--last", "schema drafted", "--next", "write tests", "--ref", "docs/schema.md", as: "company-agent")
    home.ok("note", task, "-m", "use API v2", as: "jq")
    try await home.expireLease(of: task, as: "company-agent")
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("claim", as: "ann"),
      """
      status 0
      stdout
      t-ID1  Implement the schema   kpi   attempt 2/4   lease until CLOCK (30m)
      asked by    jq   source cli:HOST   reviewer home-agent
                  Two tables.

                  And an index.
      payload     {"date":"2026-02-20"}
      earlier     company-agent: lease expired CLOCK
      left off    last "schema drafted"   next "write tests"   ref docs/schema.md   (AGO, this task)
      notes       jq: use API v2
      then        orch checkpoint --next … | orch release done|review|failed|requeue -m …
      """)
    home.ok("release", "failed", "-m", "no luck", "--retry-in", "0", as: "ann")
    let again = home.ok("claim", as: "ben").stdout
    #expect(again.contains("earlier     ann: failed ") && again.contains(": no luck\n"))
    #expect(home.ok("resume", as: "ben").stdout.contains("attempt 3/4"))
  }

  @Test func `in Korean too`() {
    let home = Home()
    let task = home.add("스키마 작성", "--session", "문서")
    var snapshot = Snapshot(home)
    _ = snapshot.text(home.orch("show", task))
    snapshot.expect(
      home.orch("claim", "--lang", "ko", as: "회사재규"),
      """
      status 0
      stdout
      t-ID1  스키마 작성   문서   시도 1/4   임대 CLOCK까지 (30분)
      요청        jq   출처 cli:HOST
      다음        orch checkpoint --next … | orch release done|review|failed|requeue -m …
      """)
    snapshot.expect(
      home.orch("status", environment: ["ORCH_LANG": "ko"]),
      """
      status 0
      stdout
      보유        t-ID1  스키마 작성   회사재규 @ HOST HOME/work   29분 남음, 0초 전 활동
      작업        진행 중 1
      """.replacingSpan(in: home.ok("status", "--lang", "ko").stdout))
    #expect(home.ok("status", environment: ["LC_ALL": "ko_KR.UTF-8"]).stdout.hasPrefix("보유"))
    #expect(home.ok("status", environment: ["LANGUAGE": "en", "LC_ALL": "ko_KR.UTF-8"]).stdout.hasPrefix("held"))
    #expect(home.ok("status", "--lang", "en", environment: ["ORCH_LANG": "ko"]).stdout.hasPrefix("held"))
    #expect(home.json("status", "--lang", "ko").keys == ["sessions", "counts", "stale", "alerts"], "keys are no words")
  }

  @Test func `is at most 6,000 characters, whatever the texts`() {
    let home = Home()
    let long = String(repeating: "긴 글 ", count: 5000)
    let huge = String(repeating: "x\n", count: 32000)
    let task = home.add(
      String(repeating: "제목", count: 4000), "--body", huge, "--session", String(repeating: "s", count: 128),
      "--payload",
      "{\"a\":\"\(String(repeating: "y", count: 60000))\"}", "--max-attempts", "99")
    for number in 0..<6 {
      home.ok("note", task, "-m", "\(number) \(long)", as: String(repeating: "j", count: 120))
      home.claim(as: String(repeating: "a", count: 120))
      home.ok("release", "failed", "-m", long, "--retry-in", "0", as: String(repeating: "a", count: 120))
    }
    home.claim()
    home.ok(
      "checkpoint", "--last", long, "--next", long, "--phase", long, "--ref", long, "-m", long, "--data", "\"\(long)\"",
      as: "ann")
    home.ok("release", "requeue", as: "ann")
    let text = home.ok("claim", as: "ann", environment: ["ORCH_SOURCE": String(repeating: "s", count: 60000)]).stdout
    #expect(text.count <= 6000, "\(text.count) characters")
    #expect(text.contains("orch show \(task)"), "names the command that shows it all")
    #expect(text.contains("then        orch checkpoint"))
    let korean = home.ok("resume", "--lang", "ko", as: "ann").stdout
    #expect(korean.count <= 6000 && korean.contains("orch show \(task)"))
    #expect(home.json("resume", as: "ann")["packet", "task", "body"]?.stringValue == huge)
  }
}

extension String {
  /// This text with the Korean span that a status shows in the place of `29분 남음`.
  fileprivate func replacingSpan(in output: String) -> String {
    guard let span = output.firstMatch(of: #/(\d+(분|초) )+남음/#) else { return self }
    var text = self
    text.replace("29분 남음", with: String(span.0))
    return text
  }
}
