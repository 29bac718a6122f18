import OrchCore
import OrchRendering

/// The texts of a command's help in one language; what text, Markdown and manual pages have in common.
struct HelpPage {
  let command: CommandModel
  let strings: StringTable

  func localized(_ message: Message) -> String { strings.text(message) }

  private func string(_ key: String) -> String? { strings.text(key) ?? StringTable().text(key) }

  /// `orch review approve`.
  var name: String { Self.name(command) }

  static func name(_ command: CommandModel) -> String { command.path.isEmpty ? "orch" : "orch \(command.path)" }

  var abstract: String { string(command.key) ?? "" }

  func abstract(of argument: CommandModel.Argument) -> String { string(argument.key) ?? "" }

  /// Paragraphs that say more.
  var discussion: [String] { numbered("\(command.key).more") }

  /// Commands to copy, some with a comment behind `#`.
  var examples: [String] { numbered("\(command.key).example") }

  /// The texts of KEY, KEY.1, KEY.2, …, as far as there are.
  private func numbered(_ key: String) -> [String] {
    var texts = [string(key), string("\(key).1")].compactMap { $0 }
    while let next = string("\(key).\(texts.count + 1)") { texts.append(next) }
    return texts
  }

  var usage: String {
    let own = command.arguments.filter { $0.kind != .positional && !$0.isGlobal }
    var words = [name] + own.filter { $0.kind == .option && !$0.isOptional }.map { label($0) }
    words.append(localized(.helpUsageOptions))
    if !command.members.isEmpty { words.append(localized(.helpUsageSubcommand)) }
    for argument in command.arguments where argument.kind == .positional {
      let value = "<\(valueName(argument))>\(argument.isRepeating ? " …" : "")"
      words.append((argument.isBehindTerminator ? "-- " : "") + (argument.isOptional ? "[\(value)]" : value))
    }
    return words.joined(separator: " ")
  }

  /// `-q, --quiet`, `--ttl <duration>`, `<task>`.
  func label(_ argument: CommandModel.Argument) -> String {
    switch argument.kind {
    case .positional: "<\(valueName(argument))>"
    case .flag: argument.names.joined(separator: ", ")
    case .option: "\(argument.names.joined(separator: ", ")) <\(valueName(argument))>"
    }
  }

  private func valueName(_ argument: CommandModel.Argument) -> String {
    string("help.value.\(argument.valueName)") ?? argument.valueName
  }

  func arguments(_ kinds: CommandModel.Argument.Kind..., isGlobal: Bool = false) -> [CommandModel.Argument] {
    command.arguments.filter { kinds.contains($0.kind) && $0.isGlobal == isGlobal }
  }

  /// The pages of the commands in it.
  var members: [HelpPage] { command.members.map { HelpPage(command: $0, strings: strings) } }

  /// The commands in it under their headings.
  var groups: [(heading: String, pages: [HelpPage])] {
    guard command.path.isEmpty else {
      return members.isEmpty ? [] : [(localized(.helpHeadingSubcommands), members)]
    }
    let members = members
    return Orch.groups.map { group in
      (localized(group.heading), members.filter { member in group.names.contains(member.command.path) })
    }
  }
}

// MARK: As text

extension HelpPage {
  /// For a terminal of 80 columns.
  var text: String {
    var blocks = [wrapped("\(localized(.helpHeadingOverview)): \(abstract)")]
    blocks += discussion.map { wrapped($0) }
    blocks.append("\(localized(.helpHeadingUsage)): \(usage)")
    func add(_ heading: Message, _ lines: [String]) {
      if !lines.isEmpty { blocks.append("\(localized(heading)):\n" + lines.joined(separator: "\n")) }
    }
    func rows(_ arguments: [CommandModel.Argument]) -> [String] {
      arguments.map { row(label($0), abstract(of: $0)) }
    }
    add(.helpHeadingExamples, examples.map { "  \($0)" })
    add(.helpHeadingArguments, rows(arguments(.positional)))
    add(.helpHeadingOptions, rows(arguments(.option, .flag)))
    let global = arguments(.option, .flag, isGlobal: true)
    if command.path.isEmpty {
      add(.helpHeadingGlobal, rows(global))
    } else {
      let names = global.map { label($0) }.joined(separator: "; ")
      add(
        .helpHeadingGlobal,
        [
          wrapped(names, indent: 2), "  " + localized(.helpSeeGlobal(command: "orch --help"))
        ])
    }
    for group in groups {
      blocks.append(
        "\(group.heading):\n"
          + group.pages.map { page in
            row(page.command.names.joined(separator: ", "), page.abstract)
          }.joined(separator: "\n"))
    }
    if !command.members.isEmpty {
      let help =
        command.path.isEmpty
        ? "orch help <\(localized(.helpPlaceholderCommand))>"
        : "\(name) <\(localized(.helpPlaceholderCommand))> --help"
      blocks.append("  " + localized(.helpSeeCommand(command: help)))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static let width = 80
  private static let column = 26

  /// A label, and a text in a column of its own.
  private func row(_ label: String, _ text: String) -> String {
    let label = "  " + label
    let body = wrapped(text, indent: Self.column)
    guard Terminal.columns(label) + 2 <= Self.column else { return label + "\n" + body }
    return Terminal.padded(label, columns: Self.column) + body.dropFirst(Self.column)
  }

  /// Lines of whole words, indented.
  private func wrapped(_ text: String, indent: Int = 0) -> String {
    let blanks = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : "\(line) \(word)"
      if !line.isEmpty, indent + Terminal.columns(longer) >= Self.width {
        lines.append(blanks + line)
        line = String(word)
      } else {
        line = longer
      }
    }
    if !line.isEmpty { lines.append(blanks + line) }
    return lines.joined(separator: "\n")
  }
}
