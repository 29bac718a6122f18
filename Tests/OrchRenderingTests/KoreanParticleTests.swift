@testable import OrchRendering
import Testing

@Suite("Korean particles")
struct KoreanParticleTests {
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
  func `a particle goes by the last sound of the word before it`(
    word: String, i: String, eul: String, eun: String, gwa: String, euro: String
  ) {
    let forms = ["이/가", "을/를", "은/는", "과/와", "으로/로"].map { KoreanParticle($0)?.form(after: word) }
    #expect(forms == [i, eul, eun, gwa, euro])
  }
}
