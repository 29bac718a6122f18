package import OrchApp
import OrchCore

extension Reader {
  /// The ledger of who did what, as Markdown.
  package func contributors(_ contributions: Contributions) -> String {
    var lines: [String] = []
    for contributor in contributions.contributors {
      let shown = contributor.display.map { "\(markdown($0)) (`\(contributor.name)`)" } ?? markdown(contributor.name)
      lines += ["", "### \(shown)", ""]
      if !contributor.authored.isEmpty {
        lines.append(
          say("Author of \(contributor.authored.count):", "작성 \(contributor.authored.count)건:"))
        lines.append("")
        lines += contributor.authored.map(entry)
      }
      if !contributor.reviewed.isEmpty {
        if !contributor.authored.isEmpty { lines.append("") }
        lines.append(
          say("Reviewer of \(contributor.reviewed.count):", "검토 \(contributor.reviewed.count)건:"))
        lines.append("")
        lines += contributor.reviewed.map(entry)
      }
    }
    return lines.drop { $0.isEmpty }.joined(separator: "\n")
  }

  /// `` - `b5ebb91` -> `feat: … (company-agent)` ``
  private func entry(_ commit: TracedCommit) -> String {
    let mark = commit.state == .linked || commit.state == .untracked ? "" : " (\(commit.state.rawValue))"
    return "- `\(commit.oid.prefix(7))` -> \(code(excerpt(commit.subject, 200)))\(mark)"
  }

  /// Text as code, whatever back-ticks are in it.
  private func code(_ text: String) -> String {
    var longest = 0
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return longest == 0 ? fence + text + fence : "\(fence) \(text) \(fence)"
  }

  /// Text that stays text in Markdown.
  private func markdown(_ text: String) -> String {
    var result = ""
    for character in line(text) {
      if "\\`*_{}[]<>()#+-.!|~&".contains(character), character != "-", character != "." { result += "\\" }
      result.append(character)
    }
    return result
  }
}
