@testable import OrchRendering
import OrchCore
import OrchTestSupport
import Testing

@Suite("Report: words")
struct ReportWordsTests {
  @Test(arguments: [
    ("검토담당", "이", "을", "은", "과", "으로"), ("재규", "가", "를", "는", "와", "로"), ("서울", "이", "을", "은", "과", "로"),
    ("home-agent", "가", "를", "는", "와", "로"), ("company-agent", "가", "를", "는", "와", "로"),
    ("lint", "가", "를", "는", "와", "로"), ("main", "이", "을", "은", "과", "으로"), ("team", "이", "을", "은", "과", "으로"),
    ("install", "이", "을", "은", "과", "로"), ("building", "이", "을", "은", "과", "으로"), ("log", "가", "를", "는", "와", "로"),
    ("server", "가", "를", "는", "와", "로"), ("R", "이", "을", "은", "과", "로"), ("file", "이", "을", "은", "과", "로"),
    ("machine", "이", "을", "은", "과", "으로"), ("claude", "가", "를", "는", "와", "로"),
    ("agent-0", "이", "을", "은", "과", "으로"), ("agent-1", "이", "을", "은", "과", "로"), ("agent-2", "가", "를", "는", "와", "로"),
    ("agent-3", "이", "을", "은", "과", "으로"), ("agent-4", "가", "를", "는", "와", "로"), ("agent-5", "가", "를", "는", "와", "로"),
    ("agent-6", "이", "을", "은", "과", "으로"), ("agent-7", "이", "을", "은", "과", "로"), ("agent-8", "이", "을", "은", "과", "로"),
    ("agent-9", "가", "를", "는", "와", "로"), ("회사재규 (company-agent)", "가", "를", "는", "와", "로"),
    ("검토담당 (review-1)", "이", "을", "은", "과", "으로"), ("'점검'", "이", "을", "은", "과", "으로"),
    ("", "가", "를", "는", "와", "로"), ("…", "가", "를", "는", "와", "로")
  ])
  func particles(word: String, i: String, eul: String, eun: String, gwa: String, euro: String) {
    let forms = ["이/가", "을/를", "은/는", "과/와", "으로/로"].map { KoreanParticle($0)?.form(after: word) }
    #expect(forms == [i, eul, eun, gwa, euro])
  }

  @Test func bothTablesHaveTheSameKeys() throws {
    let (english, korean) = (try StringTable(.en, overridesIn: nil), try StringTable(.ko, overridesIn: nil))
    #expect(english.keys == korean.keys)
    #expect(english.keys.count > 100)
  }

  @Test func fillsPlacesOnceAndWithParticles() throws {
    let words = try StringTable(.ko, overridesIn: nil)
    #expect(words("need.review.who", ["who": "집재규"]) == "집재규가 검토할 차례")
    #expect(words("need.check", ["detail": "{who} lint"]) == "필수 점검 {who} lint가 현재 제출본에서 통과되지 않음")
    #expect(words("commit.rewritten", ["oid": "b81c0d2e37"]) == "b81c0d2e37로 다시 쓰임")
  }

  @Test func aTableOfTheUsersStandsForSingleLines() throws {
    let home = Files.makeScratch()
    defer { Files.remove(home) }
    try Files.write("# mine\n\nneeds = For you = now\r\nreason.done = {count} ready\n", to: "\(home)/report.en.txt")
    let words = try StringTable(.en, overridesIn: home)
    #expect(words("needs") == "For you = now")
    #expect(words("reason.done", ["count": "2"]) == "2 ready")
    #expect(words("anchor") == "Anchor")
  }

  @Test(arguments: [
    ("needs For you", 1, "no = stands between a key and its text"),
    ("\nneed.rewiew = x", 2, "nothing is called need.rewiew"),
    ("reason.done = {number}", 1, "{number} is not filled here"),
    ("reason.done = {count", 1, "{ without }, or no two forms of a particle after |"),
    ("reason.done = {count|가}", 1, "{ without }, or no two forms of a particle after |")
  ])
  func refuses(table: String, line: Int, problem: String) throws {
    let home = Files.makeScratch()
    defer { Files.remove(home) }
    try Files.write(table, to: "\(home)/report.en.txt")
    #expect(throws: TemplateError(file: "\(home)/report.en.txt", line: line, problem)) {
      try StringTable(.en, overridesIn: home)
    }
  }

  @Test func datesSayTheirZone() {
    let instant = at(960)
    let offset = Reader.utcOffset(instant)
    let zone = Reader(language: .ko, isColoured: false).zone(instant)
    #expect(zone.count == 6)
    if offset == 9 * 3600 {
      #expect(Reader(language: .ko, isColoured: false).longDate(instant) == "2026년 11월 23일 (월) 17:16 +09:00")
    }
    if offset == 0 {
      #expect(Reader(language: .ko, isColoured: false).longDate(instant) == "2026년 11월 23일 (월) 08:16 +00:00")
      #expect(Reader(language: .en, isColoured: false).longDate(instant) == "Mon 23 Nov 2026, 08:16 +00:00")
    }
  }

  @Test(arguments: [
    (0, "0.0 s", "0.0초"), (1250, "1.2 s", "1.2초"), (59_999, "59.9 s", "59.9초"), (83_400, "1 min 23 s", "1분 23초"),
    (7_500_000, "2 h 5 min", "2시간 5분"), (-5, "0.0 s", "0.0초")
  ])
  func durations(milliseconds: Int, english: String, korean: String) {
    #expect(Reader(language: .en, isColoured: false).duration(milliseconds: milliseconds) == english)
    #expect(Reader(language: .ko, isColoured: false).duration(milliseconds: milliseconds) == korean)
  }
}
