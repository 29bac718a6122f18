import OrchCore
@testable import OrchCommands
import OrchRendering
import OrchTestSupport
import Testing

/// A language that is one more file: every text of the English table between brackets.
///
/// What stands outside brackets then is no text of the tables.
@Suite("A made-up language")
struct MadeUpLanguageTests {
  private static let agent = "a1"

  private func makeHome() throws -> Home {
    let home = Home()
    let directory = "\(home.path)/.config/orch/templates"
    Files.makeDirectory("\(home.path)/.config")
    Files.makeDirectory("\(home.path)/.config/orch")
    Files.makeDirectory(directory)
    var table = ""
    for line in String(decoding: StringTable().contents, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard line.first?.isLetter == true, !line.hasPrefix("language."), parts.count == 2 else {
        table += "\(line)\n"
        continue
      }
      table += "\(parts[0])= ⟦\(parts[1].dropFirst())⟧\n"
    }
    try Files.write(table, to: "\(directory)/text.qq.txt")
    return home
  }

  /// A text without what is the same in every language: commands to copy, types of events, hashes.
  private func withoutNames(_ text: String) -> String {
    text.replacing(/orch [^⟦⟧\n]*/, with: "").replacing(/[a-z]+\.[a-z]+/, with: "").replacing(/[0-9a-f]{8,}/, with: "")
  }

  /// The words of a text that stand outside all brackets.
  private func outside(_ text: String) -> [String] {
    var depth = 0
    var left = ""
    for character in text {
      switch character {
      case "⟦": depth += 1
      case "⟧":
        depth -= 1
        left += " "
      default: if depth == 0 { left.append(character) }
      }
    }
    return left.split { !($0.isLetter && $0.isASCII) }.map(String.init).filter { $0.count > 3 }
  }

  @Test func `help has no word of its own`() throws {
    let home = try makeHome()
    for command in CommandModel.root.members.flatMap({ [$0] + $0.members }) + [.root] {
      let words = command.path.split(separator: " ").map(String.init)
      let help = home.command(words + ["--help", "--lang", "qq"]).run()
      #expect(help.status == 0 && help.stdout.contains("⟦"))
      var known = Set(command.names.flatMap { $0.split(separator: "-") }.map(String.init) + words + ["orch"])
      known.formUnion(command.arguments.flatMap(\.names).flatMap { $0.split(separator: "-") }.map(String.init))
      known.formUnion(command.members.flatMap(\.names))
      #expect(Set(outside(help.stdout)).subtracting(known).sorted() == [], "\(command.path)")
    }
  }

  @Test func `answers and errors have no word of their own`() throws {
    let home = try makeHome()
    func text(_ words: String..., as agent: String? = nil) -> String {
      let outcome = home.command(words + ["--lang", "qq"], as: agent).run()
      #expect(outcome.status != 70, "\(words): \(outcome.stderr)")
      return outcome.stdout + outcome.stderr
    }
    var texts = [
      text("add", "1", "--id", "t1", "--reviewer", "a2"), text("add", "2", "--id", "t2", "--after", "t1"),
      text("add", "3", "--id", "t3", "--not-before", "+1h"), text("note", "t1", "-m", "5"), text("list"),
      text("claim", "t2", as: Self.agent), text("claim", as: Self.agent), text("status"),
      text("claim", "t1", as: "a3"), text("claim", as: "a3"),
      text("checkpoint", "--next", "6", "--last", "7", as: Self.agent), text("brief", as: Self.agent),
      text("resume", as: Self.agent), text("release", "done", as: "a3x"),
      text("release", "review", "-m", "8", as: Self.agent), text("review", "list"), text("show", "t1"),
      text("status"), text("review", "approve", "t1", "-m", "9", as: Self.agent),
      text("review", "reject", "t1", "-m", "9", as: "a2"), text("log", "-n", "3"), text("show", "t9"),
      text("clam"), text("list", "--stat"), text("list", "-n", "x"),
      text("list", "--lang", "zz"), text("recover", "--dry-run"), text("agents"), text("verify"),
      text("cancel", "t2", "-m", "0"), text("retry", "t3"), text("release", "failed", "--ttl")
    ]
    texts.removeAll { $0.isEmpty }
    #expect(texts.count > 25)
    // The last is the place of the agent, a directory.
    let known: Set<String> = ["HOME", "stale", "work"]
    for text in texts {
      let text = text.replacing(home.path, with: "").replacing(Snapshot.host, with: "")
      let left = Set(outside(withoutNames(text)))
      #expect(left.subtracting(known).filter { $0 != Snapshot.login }.sorted() == [], "\(text)")
    }
  }
}
