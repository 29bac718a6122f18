import OrchGit
import OrchTestSupport
import Testing

/// A repository of a test's own, in which git is asked what it sees in messages.
struct TrailerScratch {
  private let home = Home(initialized: false)

  init() { git("init", "-q", "-b", "main") }

  @discardableResult
  func git(_ words: String..., input: [UInt8] = []) -> CommandOutcome { git(words, input: input) }

  @discardableResult
  func git(_ words: [String], input: [UInt8] = []) -> CommandOutcome {
    var run = home.program(
      "/usr/bin/env", ["git"] + words,
      environment: ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"])
    run.input = home.file("input", input)
    let outcome = run.run()
    #expect(outcome.status == 0, "git \(words): \(outcome.stderr)")
    return outcome
  }

  /// What git sees in each message as a commit has it.
  func trailers(of messages: [[UInt8]], configuration: [String] = []) -> [[Trailer]] {
    var stream: [UInt8] = Array("reset refs/heads/main\n\n".utf8)
    for message in messages {
      stream += "commit refs/heads/main\ncommitter a <a@example.org> 1 +0000\ndata \(message.count)\n".utf8
      stream += message
      stream += [10]
    }
    git("fast-import", "--quiet", "--force", input: stream)
    let shown = git(
      configuration.flatMap { ["-c", $0] } + [
        "log", "--reverse", "--topo-order", "main",
        "--format=%x1d%(trailers:only,unfold,separator=%x1e,key_value_separator=%x1f)"
      ]
    ).outBytes
    return shown.split(separator: 0x1d, omittingEmptySubsequences: false).dropFirst().map { record in
      record.dropLast().split(separator: 0x1e).map { trailer in
        let separator = trailer.firstIndex(of: 0x1f) ?? trailer.endIndex
        return Trailer(
          String(decoding: trailer[..<separator], as: UTF8.self),
          String(decoding: trailer[separator...].dropFirst(), as: UTF8.self))
      }
    }
  }
}

/// Messages as people, editors, forges and git make them, and as nobody does; the same ones from
/// the same seed.
struct TrailerCorpus {
  private var random: SeededGenerator
  /// Without what makes git take one key for another in a configuration.
  private let plainKeys: Bool

  init(seed: UInt64, plainKeys: Bool = false) {
    (random, self.plainKeys) = (SeededGenerator(seed: seed), plainKeys)
  }

  mutating func messages(_ count: Int) -> [[UInt8]] { (0..<count).map { _ in message() } }

  mutating func message() -> [UInt8] {
    var message: [UInt8] = []
    if random.once(in: 12) { message += random.pick(["\n", "  \n", "# c\n", "# c\n\n", "\n\n"]).utf8 }
    message += title()
    for _ in 0..<random.pick([0, 1, 1, 2, 2, 3, 4]) {
      message += random.pick(["\n", "\n", "\n", "\n\n", "  \n", "\t\n\n", "\r\n"]).utf8
      for line in paragraph() { message += line }
    }
    if random.once(in: 4) {
      message +=
        random.pick([
          "\n", "\n\n", "   \n", "# c\n", "\n# c\n#\tmodified: x\n", "# c\n\n# d\n", "\nConflicts:\n\ta\n\tb\n",
          "Conflicts:\n\ta\n", "\n# Conflicts:\n#\ta\n", "\n \n# c\n \n",
          "\n# ------------------------ >8 ------------------------\n# below\ndiff --git a/a b/a\n+Author: forged\n",
          "# ------------------------ >8 ------------------------\nAuthor: forged\n",
          "# ------------------------ >8 -----------------------\nAuthor: near\n",
          "\n---\n a | 1 +\n", "---\n"
        ]).utf8
    }
    if random.once(in: 6), message.last == 10 { message.removeLast() }
    if random.once(in: 12) { message = message.flatMap { $0 == 10 ? [13, 10] : [$0] } }
    return message.isEmpty ? [65] : message
  }

  private mutating func title() -> [UInt8] {
    var title =
      Array(
        random.pick([
          "feat: implement sqlite core (company-agent)", "Title", "fix: x", "Author: title", "#12 is fixed",
          "제목을 쓴다 (에이전트)",
          "Signed-off-by: title", "Merge branch 'x'", "fixup! feat: x", "- a list", "x: y", "T (#12)"
        ]).utf8) + [10]
    if random.once(in: 6) { title += line() }
    return title
  }

  private mutating func paragraph() -> [[UInt8]] {
    let count = random.pick([1, 1, 2, 2, 3, 4, 5, 8])
    switch random.pick([0, 0, 0, 1, 1, 2, 3]) {
    case 0: return (0..<count).map { _ in trailer() }
    case 1: return (0..<count).map { _ in random.once(in: 5) ? line() : prose() }
    case 2: return (0..<count).map { _ in random.once(in: 2) ? trailer() : line() }
    default: return (0..<count).map { _ in line() }
    }
  }

  private mutating func line() -> [UInt8] {
    switch random.pick([0, 0, 0, 1, 1, 2, 3, 4]) {
    case 0: return trailer()
    case 1: return prose()
    case 2: return Array(random.pick(["  folded\n", "\tfolded  more \n", " Key: folded\n", " \u{b}x\n", "\t\n"]).utf8)
    case 3: return Array(random.pick(["# comment\n", "#\n", "# Key: comment\n", "#Key: c\n", ";Key: c\n"]).utf8)
    default:
      return Array(
        random.pick([
          "Signed-off-by: A <a@example.org>\n", "(cherry picked from commit 0123abcd)\n", "---\n", "--- a\n",
          "Conflicts:\n",
          "Signed-off-by:\n", "signed-off-by: lower\n", "* item (tag)\n", "commit 0123\n", "\u{c}Key: x\n", "-----\n"
        ]).utf8)
    }
  }

  private mutating func prose() -> [UInt8] {
    if random.once(in: 60) { return Array(repeatElement("many words ", count: 500).joined().utf8) + [10] }
    if random.once(in: 20) { return [0xff, 0xfe, 0x20, 0xc3, 10] }
    return Array(
      random.pick([
        "This is prose.\n", "Note that: this is prose\n", "한국어로 쓴 글: 값\n", "http://example.org/x\n", "foo_bar: x\n",
        "Prose (with parentheses): x\n", "é: x\n", ": x\n", "a.b: x\n", "Key value\n", "- item\n"
      ]).utf8)
  }

  private mutating func trailer() -> [UInt8] {
    let odd = ["-", "--", "a-", "-a", "9", "0x", "A", "Orch-Task ", "Author\t", "Two words", "x \t y"]
    let keys = [
      "Author", "Reviewer", "Source", "Orch-Task", "Orch-Lease", "Orch-Event", "orch-task", "AUTHOR", "Co-authored-by",
      "Fixes", "Key", "Signed-off-by", "Change-Id", "9a"
    ]
    let key = !plainKeys && random.once(in: 8) ? random.pick(odd) : random.pick(keys)
    var value = Array(
      random.pick([
        "", "x", "company-agent", "two words", "t-7k2f9q3h", "kpi#3", "01hx5t0000000000000000000a/3f2a91c4b7d0",
        "한글-에이전트",
        "a: b", "  spaces  around  ", "\ttab\t", "Jane <jane@example.org>", "\u{b}", "x\u{c}", "#1", "e\u{301}"
      ]).utf8)
    if random.once(in: 25) { value += [0xff, 0x20, 0xe2, 0x82] }
    if random.once(in: 60) { value += repeatElement(UInt8(ascii: "v"), count: 9000) }
    let colon = random.once(in: 8) ? random.pick([":", " : ", ":\t", ":  "]) : ": "
    var line = Array((key + colon).utf8) + value + Array(random.pick(["\n", "\n", "\n", "\n", " \n", "\r\n"]).utf8)
    while random.once(in: 6) {
      line += random.pick(["  folded\n", "\tfolded \n", " a  b\n", "   :\n", " Key: x\n", "  # no comment\n"]).utf8
    }
    return line
  }
}
