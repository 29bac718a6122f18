import OrchCore
import OrchRendering

// MARK: docs/cli.md

extension HelpPage {
  /// All commands on one page of Markdown.
  var reference: String {
    var blocks = [
      "# \(localized(.docsTitle))", localized(.docsTranslation), localized(.docsGenerated),
      "## \(localized(.helpHeadingGlobal).capitalizedFirst)", table(arguments(.option, .flag, isGlobal: true))
    ]
    for group in groups {
      for page in group.pages { blocks += page.sections }
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// The section of a command and those of the commands in it.
  private var sections: [String] {
    var blocks = ["## \(name)", Self.markdown(abstract)] + discussion.map { Self.markdown($0) }
    blocks.append("```text\n\(usage)\n```")
    if !examples.isEmpty { blocks.append("```text\n\(examples.joined(separator: "\n"))\n```") }
    let own = arguments(.positional, .option, .flag).filter { $0.key != CommandModel.Argument.help.key }
    if !own.isEmpty { blocks.append(table(own)) }
    return blocks + members.flatMap(\.sections)
  }

  private func table(_ arguments: [CommandModel.Argument]) -> String {
    let rows = arguments.map { argument in
      "| `\(label(argument))` | \(Self.markdown(abstract(of: argument))) |"
    }
    return (["| | |", "|---|---|"] + rows).joined(separator: "\n")
  }

  private static func markdown(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_<>|[]".contains(character) { result += "\\" }
      result.append(character)
    }
    return result
  }
}

// MARK: Manual pages

extension HelpPage {
  /// `orch-claim`.
  var manualName: String { command.path.isEmpty ? "orch" : "orch-\(command.path)" }

  /// A page of section 1, in roff. The commands in a command have no pages of their own.
  var manual: String {
    var lines = [
      ".\\\" \(localized(.docsGenerated))",
      ".TH \(manualName.uppercased()) 1 \"\" \"orch\" \"\(localized(.docsTitle))\"",
      ".SH \"\(localized(.helpHeadingName))\"",
      "\(Self.roff(manualName)) \\- \(Self.roff(abstract))",
      ".SH \"\(localized(.helpHeadingSynopsis))\"", Self.roff(usage)
    ]
    lines += manualBody(".SH", ".PP")
    if command.path.isEmpty {
      for group in groups {
        lines.append(".SH \"\(group.heading)\"")
        for page in group.pages {
          lines += [".TP", "\\fB\(Self.roff(page.manualName))\\fR(1)", Self.roff(page.abstract)]
        }
      }
    }
    for member in members where !command.path.isEmpty {
      lines += [".SH \"\(member.name.uppercased())\"", Self.roff(member.abstract), ".PP", Self.roff(member.usage)]
      lines += member.manualBody(".SS", ".PP")
    }
    if !command.path.isEmpty { lines += [".SH \"\(localized(.helpHeadingSeeAlso))\"", "\\fBorch\\fR(1)"] }
    return lines.joined(separator: "\n") + "\n"
  }

  private func manualBody(_ heading: String, _ paragraph: String) -> [String] {
    var lines: [String] = []
    for text in discussion {
      lines += lines.isEmpty && heading == ".SH" ? [".SH \"\(localized(.helpHeadingDescription))\""] : [paragraph];
      lines.append(Self.roff(text))
    }
    func list(_ title: Message, _ arguments: [CommandModel.Argument]) {
      guard !arguments.isEmpty else { return }
      lines.append("\(heading) \"\(localized(title))\"")
      for argument in arguments {
        lines += [".TP", "\\fB\(Self.roff(label(argument)))\\fR", Self.roff(abstract(of: argument))]
      }
    }
    list(.helpHeadingArguments, arguments(.positional))
    list(.helpHeadingOptions, arguments(.option, .flag))
    if command.path.isEmpty { list(.helpHeadingGlobal, arguments(.option, .flag, isGlobal: true)) }
    if !examples.isEmpty {
      lines += ["\(heading) \"\(localized(.helpHeadingExamples))\"", ".nf"] + examples.map { Self.roff($0) } + [".fi"]
    }
    return lines
  }

  /// Text that stays text in roff.
  private static func roff(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }
}

extension String {
  /// `GLOBAL OPTIONS` as a heading in a document: `Global options`.
  fileprivate var capitalizedFirst: String { prefix(1) + dropFirst().lowercased() }
}
