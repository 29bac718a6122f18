@testable import OrchRendering
import OrchCore
import OrchTestSupport
import Testing

@Suite("Languages")
struct LanguageTests {
  @Test(arguments: [
    ("ko", "ko"), ("KO", "ko"), ("ko_KR", "ko"), ("ko-KR", "ko"), ("ko_KR.UTF-8", "ko"), ("ko@hangul", "ko"),
    ("en_US.utf8", "en"), ("fr", nil), ("C", nil), ("C.UTF-8", nil), ("POSIX", nil), ("", nil), ("kok", nil),
    ("../ko", nil), ("k o", nil)
  ]) func `a locale's name chooses among the languages that there are`(name: String, code: String?) {
    #expect(Language(name, overridesIn: nil)?.code == code)
  }

  @Test(arguments: [
    (["LANG": "ko_KR.UTF-8"], "ko"), (["LANG": "ko", "LC_ALL": "C"], "en"), (["LANG": "C", "LC_MESSAGES": "ko"], "ko"),
    (["LANGUAGE": "fr:ko:en", "LANG": "en"], "ko"), (["LANGUAGE": "fr", "LANG": "ko"], "en"), ([:], "en")
  ]) func `the first variable that is set decides`(variables: [String: String], code: String) {
    #expect(Language.preferred(overridesIn: nil) { variables[$0] }.code == code)
  }
}

@Suite("Times in texts")
struct TimeTextTests {
  private func renderer(_ code: String) throws -> TextRenderer {
    TextRenderer(strings: try StringTable(try #require(Language(code, overridesIn: nil))))
  }

  @Test func `dates say their zone`() throws {
    let instant = at(960)
    let (english, korean) = (try renderer("en"), try renderer("ko"))
    #expect(korean.zone(instant).count == 6)
    switch TextRenderer.utcOffset(instant) {
    case 9 * 3600:
      #expect(korean.longDate(instant) == "2026년 11월 23일 (월) 17:16 +09:00")
      #expect(korean.gitDate(instant) == "2026년 11월 23일 (월) 17:16:00 +0900")
    case 0:
      #expect(korean.longDate(instant) == "2026년 11월 23일 (월) 08:16 +00:00")
      #expect(english.longDate(instant) == "Mon 23 Nov 2026, 08:16 +00:00")
      #expect(english.gitDate(instant) == "Mon Nov 23 08:16:00 2026 +0000")
    default: break
    }
    #expect(korean.machineGitDate(instant) == english.gitDate(instant))
  }

  @Test(arguments: [
    (0, "0.0 s", "0.0초"), (1250, "1.2 s", "1.2초"), (59_999, "59.9 s", "59.9초"), (83_400, "1 min 23 s", "1분 23초"),
    (7_500_000, "2 h 5 min", "2시간 5분"), (-5, "0.0 s", "0.0초")
  ])
  func `a measured time has two units at most`(milliseconds: Int, english: String, korean: String) throws {
    #expect(try renderer("en").duration(milliseconds: milliseconds) == english)
    #expect(try renderer("ko").duration(milliseconds: milliseconds) == korean)
  }

  @Test(arguments: [
    (0, "0초"), (-1, "0초"), (59, "59초"), (60, "1분"), (1800, "30분"), (3600, "1시간"), (5400, "1시간 30분"), (86_400, "1일"),
    (93_784, "1일 2시간 3분 4초")
  ])
  func `a span has all its units, in English as durations are typed`(seconds: Int, korean: String) throws {
    #expect(try renderer("en").span(seconds: seconds) == DurationFormat.format(seconds: max(0, seconds)))
    #expect(try renderer("ko").span(seconds: seconds) == korean)
  }

  @Test(arguments: [
    (0, "0 s ago", "0초 전"), (59, "59 s ago", "59초 전"), (60, "1 min ago", "1분 전"), (7200, "2 h ago", "2시간 전"),
    (172_799, "47 h ago", "47시간 전"), (172_800, "2 days ago", "2일 전"), (-3, "0 s ago", "0초 전")
  ])
  func `an age has one unit`(seconds: Int, english: String, korean: String) throws {
    let now = at(960)
    let then = now.adding(milliseconds: Int64(-seconds) * 1000)
    #expect(try renderer("en").ago(then, now: now) == english)
    #expect(try renderer("ko").ago(then, now: now) == korean)
  }
}
