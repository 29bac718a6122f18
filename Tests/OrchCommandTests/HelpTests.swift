@testable import OrchCommands
import OrchCore
import OrchRendering
import OrchTestSupport
import Testing

@Suite("Help")
struct HelpTests {
  private let pages = HelpPage(command: .root, strings: StringTable()).all

  @Test(arguments: Language.builtIn) func `every command and argument has its text`(language: Language) throws {
    let strings = try StringTable(language)
    for page in pages {
      let command = page.command
      #expect(strings.text(command.key) != nil, "\(command.key)")
      #expect(strings.text("\(command.key).example.1") != nil, "\(command.key).example.1")
      for argument in command.arguments {
        #expect(strings.text(argument.key) != nil, "\(page.name): \(argument.names) \(argument.key)")
        guard argument.kind != .flag, argument.valueName != "0..9" else { continue }
        #expect(strings.text("help.value.\(argument.valueName)") != nil, "\(page.name): \(argument.valueName)")
      }
    }
  }

  @Test func `no text of help is left over`() throws {
    var known: Set<String> = []
    for page in pages {
      known.formUnion([page.command.key] + page.command.arguments.map(\.key))
      known.formUnion(page.command.arguments.map { "help.value.\($0.valueName)" })
      for number in 1...9 {
        known.formUnion(["\(page.command.key).example.\(number)", "\(page.command.key).more.\(number)"])
      }
      known.insert("\(page.command.key).more")
    }
    for prefix in ["help.heading.", "help.usage.", "help.see-", "help.placeholder-"] {
      known.formUnion(StringTable().keys.filter { $0.hasPrefix(prefix) })
    }
    let left = Set(StringTable().keys.filter { $0.hasPrefix("help.") }).subtracting(known)
    #expect(left.sorted() == [])
  }

  @Test(arguments: Language.builtIn) func `an example is a command that there is, with its options`(
    language: Language
  ) throws {
    for page in HelpPage(command: .root, strings: try StringTable(language)).all {
      for example in page.examples {
        let words = example.prefix { $0 != "#" }.split(separator: " ").map(String.init)
        let called = pages.last { words.starts(with: $0.name.split(separator: " ").map(String.init)) }
        let known = try #require(called).command.arguments.flatMap(\.names)
        for word in words.prefix(while: { $0 != "--" }) where word.hasPrefix("-") {
          #expect(known.contains(word), "\(example)")
        }
        #expect(words.starts(with: page.name.split(separator: " ").map(String.init)), "\(example)")
      }
    }
  }

  @Test func `every command stands under one heading`() {
    let grouped = Orch.groups.flatMap(\.names)
    #expect(grouped.sorted() == Orch.commands.map { $0.names[0] }.sorted())
  }

  @Test func `a page has 80 columns at most, and a row for each option of its own`() {
    let home = Home(initialized: false)
    for page in pages where !page.command.path.isEmpty {
      let words = page.command.path.split(separator: " ").map(String.init)
      for language in ["en", "ko"] {
        let help = home.command(words + ["--help", "--lang", language]).run()
        #expect(help.status == 0 && help.stderr == "")
        for line in help.lines { #expect(Terminal.columns(line) <= 100, "\(line)") }
        for argument in page.command.arguments {
          for name in argument.names { #expect(help.stdout.contains(name), "\(page.name) \(name)") }
        }
      }
      #expect(home.command(words + ["--help", "--lang", "ko"]).run().stdout.hasPrefix("개요: "))
      #expect(home.command(words + ["--help"], environment: ["LANG": "ko_KR.UTF-8"]).run().stdout.hasPrefix("개요: "))
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `a completion script describes options by their texts`(shell: String) {
    let home = Home(initialized: false)
    let script = home.ok("--generate-completion-script", shell).stdout
    #expect(script.contains(shell == "fish" ? "'another'" : "--another") && !script.contains("help.claim"))
    guard shell != "bash" else { return }
    #expect(script.contains("Take a task of this session."))
    #expect(home.ok("--lang", "ko", "--generate-completion-script=\(shell)").stdout.contains("이 세션의 작업을 선점."))
  }

  @Test func `each command has a manual page, which the root's names`() {
    let home = Home(initialized: false)
    let names = home.ok("--generate-manual").lines
    #expect(names.count == Orch.commands.count + 1 && names[0] == "orch")
    for name in names {
      let page = home.ok("--generate-manual", name).stdout
      #expect(page.contains(".TH \(name.uppercased()) 1") && page.contains(".SH \"NAME\"\n"))
      #expect(!page.contains(/help\.[a-z]/))
    }
    #expect(home.ok("--lang", "ko", "--generate-manual", "orch").stdout.contains(".SH \"이름\"\n"))
    #expect(home.orch("--generate-manual", "orch-none").status == 66)
  }

  @Test(arguments: [
    (["list", "--stat", "done"], "알 수 없는 옵션 '--stat'. 혹시 '--state'입니까?"),
    (["list", "--zzzzzzzzzz"], "알 수 없는 옵션 '--zzzzzzzzzz'"), (["claim", "--ttl"], "'--ttl <duration>'의 값이 없습니다"),
    (["decide", "a"], "필요한 인수가 없습니다: '<value>'"), (["list", "too"], "예상하지 못한 인수 'too'"),
    (["list", "too", "many"], "예상하지 못한 인수 2개: 'too', 'many'"),
    (["list", "--json=yes"], "옵션 '--json'에는 값을 줄 수 없는데 'yes' 값이 주어졌습니다.")
  ]) func `what is wrong with a command line is said in the language`(words: [String], sentence: String) {
    let home = Home(initialized: false)
    let outcome = home.command(words, environment: ["ORCH_LANG": "ko"]).run()
    #expect(outcome.status == 64)
    #expect(outcome.stderr.hasPrefix("오류: \(sentence)\n힌트: "), "\(outcome.stderr)")
  }
}

extension HelpPage {
  /// This page and those of all commands in it.
  fileprivate var all: [HelpPage] { [self] + members.flatMap(\.all) }
}
