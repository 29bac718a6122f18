import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Hostile texts")
struct HostileTests {
  static let poison =
    "\u{1B}[2J\u{1B}]0;owned\u{7}\u{202E}evil\u{2066}\u{9B}31m\r\t\u{8}'; DROP TABLE event; -- \"$(id)` %s \u{FEFF}"

  /// No byte that a terminal acts upon, beside the new line.
  private func expectTame(_ outcome: CommandOutcome, at place: SourceLocation = #_sourceLocation) {
    // JSON escapes what it has to; everything else is as it was given.
    let isJSON = outcome.words.contains("--json")
    let bad = (outcome.stdout + outcome.stderr).unicodeScalars.first { scalar in
      guard scalar != "\n" else { return false }
      switch scalar.value {
      case 0..<32: return true
      case 127..<160, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x61C: return !isJSON
      default: return false
      }
    }
    #expect(
      bad == nil, "U+\(bad.map { String($0.value, radix: 16) } ?? "") from \(outcome.words)", sourceLocation: place)
  }

  @Test(.eachEngine) func `never reach a terminal, and come back whole`() {
    let home = Home()
    let poison = Self.poison
    let line = poison.replacing("\r", with: "")
    let id = home.add(
      line, "--body", poison, "--payload", JSON.string(poison).text(), "--source", line, "--reviewer", "rev")
    let claim = home.json("claim", as: "ann", environment: ["ORCH_INSTANCE": line])
    #expect(claim["task", "title"]?.stringValue == line && claim["task", "body"]?.stringValue == poison)
    #expect(claim["task", "payload"]?.stringValue == poison && claim["lease", "instance"]?.stringValue == line)
    let here = ["ORCH_INSTANCE": line]
    home.ok(
      "checkpoint", "-m", poison, "--phase", poison, "--last", poison, "--next", poison, "--ref", poison, "--data",
      JSON.string(poison).text(), as: "ann", environment: here)
    home.ok("note", id, "-m", poison, as: "jq")
    home.ok("agents", "set", "ann", "--display", line)
    var outcomes = [
      home.orch("heartbeat", as: "ann", environment: here), home.orch("status"), home.orch("list"),
      home.orch("show", id),
      home.orch("brief", as: "ann"), home.orch("agents"), home.orch("resume", as: "ann", environment: here)
    ]
    outcomes.append(
      home.orch(
        "release", "failed", "-m", poison, "--error-code", line, "--retry-in", "0", as: "ann", environment: here))
    outcomes.append(home.orch("claim", as: "ann"))
    outcomes.append(home.orch("release", "done", "-m", poison, "--result", JSON.string(poison).text(), as: "ann"))
    for words in [
      ["log"], ["log", "--oneline"], ["log", "--format", "%H%s%a%an%rn%sn%ad%t%T%c%d"], ["show", "session:\(id)"],
      ["verify"],
      ["show", poison], ["claim", poison], [poison], ["list", poison], ["--\(line)"], ["add", poison],
      ["list", "--state", line],
      ["add", "x", "--id", line], ["list", "--database", "/tmp/\(line)"], ["log", "--by", line],
      ["add", "x", "--payload", line]
    ] {
      outcomes.append(home.command(words, as: "ann").run())
      outcomes.append(home.command(words + ["--json"], as: "ann").run())
    }
    for outcome in outcomes {
      #expect(!outcome.wasKilled, "\(outcome.words)")
      expectTame(outcome)
    }
    let event = home.ok("log", "--type", "task.done", "--json").json["id"]?.stringValue ?? ""
    expectTame(home.ok("show", event))
    #expect(home.json("show", id)["task", "result"]?.stringValue == poison)
    #expect(home.ok("verify").status == 0)
  }

  @Test func `NUL, invalid UTF-8 and lone surrogates are refused`() {
    let home = Home()
    let nul = home.file("nul", [0x61, 0, 0x62])
    let broken = home.file("broken", [0x61, 0xff, 0xfe])
    let cut = home.file("cut", [0xed, 0xa0, 0x80])
    for file in [nul, broken, cut] {
      home.fails(.invalidInput, "add", "x", "--body", "@\(file)")
      home.fails(.invalidInput, "add", "x", "--payload", "@\(file)")
      home.fails(.invalidInput, "add", "--from", file)
    }
    home.fails(.invalidInput, "add", "x", "--payload", #""\u0000""#)
    home.fails(.invalidInput, "add", "x", "--payload", #"{"a":"\udc00"}"#)
    home.fails(.invalidInput, "add", "--from", "-", input: #"{"title":"a\u0000b"}"#)
    for words in [[[0x6c, 0x69, 0x73, 0x74], [0xff]], [Array("show".utf8), [0x74, 0x2d, 0xc3, 0x28]]] as [[[UInt8]]] {
      var run = home.command([])
      run.arguments = words
      let outcome = run.run()
      #expect(outcome.status == 65 && outcome.stderr.contains("not valid UTF-8"), "\(outcome.stderr)")
    }
    #expect(home.ok("list").stdout == "")
  }

  @Test func `limits are kept at the edge`() {
    let home = Home()
    let most = home.file("most", String(repeating: "x", count: 65536))
    let more = home.file("more", String(repeating: "x", count: 65537))
    let huge = home.file("huge", String(repeating: "가", count: 350_000))
    #expect(home.json("add", "x", "--body", "@\(most)")["task", "body"]?.stringValue?.utf8.count == 65536)
    home.fails(.invalidInput, "add", "x", "--body", "@\(more)")
    home.fails(.invalidInput, "add", "x", "--body", "@\(huge)")
    home.fails(.invalidInput, "add", String(repeating: "x", count: 65537))
    home.fails(.invalidInput, "note", "x", "-m", "-", input: String(repeating: "y", count: 70000))
    let json = home.file("json", "\"" + String(repeating: "z", count: (1 << 20) - 2) + "\"")
    #expect(home.json("add", "x", "--payload", "@\(json)")["task", "payload"]?.stringValue?.utf8.count == (1 << 20) - 2)
    home.fails(.invalidInput, "add", "x", "--payload", "-", input: "\"" + String(repeating: "z", count: 1 << 20) + "\"")
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    home.ok("add", "x", "--payload", nested(128))
    home.fails(.invalidInput, "add", "x", "--payload", nested(129))
    home.fails(.invalidInput, "add", "x", "--payload", String(repeating: "[", count: 100_000))
    home.fails(.invalidInput, "add", "x", "--id", String(repeating: "i", count: 129))
    home.ok("add", "x", "--id", String(repeating: "i", count: 128))
    #expect(home.ok("verify").status == 0)
  }

  @Test(.eachEngine) func `ids are the same in NFC and NFD`() {
    let home = Home()
    let (nfc, nfd) = ("문서-1", "\u{1106}\u{116E}\u{11AB}\u{1109}\u{1165}-1")
    #expect(Array(nfc.utf8) != Array(nfd.utf8))
    let task = home.json("add", "x", "--id", nfd, "--key", nfd, "--assign", nfd)["task"]
    #expect(Array(task?["id"]?.stringValue?.utf8 ?? "".utf8) == Array(nfc.utf8))
    #expect(home.json("show", nfc)["task"] == task && home.json("show", "task:" + nfd)["task"] == task)
    home.fails(.refused, "add", "x", "--id", nfc)
    #expect(home.json("add", "x", "--key", nfc)["created"]?.boolValue == false)
    #expect(home.json("claim", nfd, as: nfc)["lease", "agent"]?.stringValue == nfc)
    home.ok("heartbeat", as: nfd)
    #expect(home.ok("log", "--by", nfd, "--json").lines.count == 1)
    home.ok("release", "done", "--task", nfd, as: nfd)
  }

  @Test func `identifiers are what the rule says`() {
    let home = Home()
    for id in ["a b", "-a", ".a", "a\nb", "a*b", "../x", "a\u{202E}b", "💥", "a,b", "a\u{200B}b"] {
      #expect(home.orch("add", "x", "--id=\(id)").status == 65, "\(id)")
    }
    for id in ["0", "a.b_c-d:e/f@g", "작업", "été", "عمل", "१२३", "agent.orchestrate:1"] {
      #expect(home.json("add", "x", "--id", id)["task", "id"]?.stringValue == id)
      #expect(home.json("show", id)["task", "id"]?.stringValue == id)
    }
  }
}
