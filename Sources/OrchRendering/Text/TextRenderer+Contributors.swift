package import OrchApp
import OrchCore

extension TextRenderer {
  /// The ledger of who did what, as Markdown.
  package func contributors(_ contributions: Contributions) -> String {
    var lines: [String] = []
    for contributor in contributions.contributors {
      let shown = contributor.display.map { "\(markdown($0)) (`\(contributor.name)`)" } ?? markdown(contributor.name)
      lines += ["", "### \(shown)", ""]
      if !contributor.authored.isEmpty {
        lines.append(localized(.contributorsAuthor(count: contributor.authored.count)))
        lines.append("")
        lines += contributor.authored.map(entry)
      }
      if !contributor.reviewed.isEmpty {
        if !contributor.authored.isEmpty { lines.append("") }
        lines.append(localized(.contributorsReviewer(count: contributor.reviewed.count)))
        lines.append("")
        lines += contributor.reviewed.map(entry)
      }
    }
    return lines.drop { $0.isEmpty }.joined(separator: "\n")
  }

  /// `` - `b5ebb91` -> `feat: … (company-agent)` ``
  private func entry(_ commit: TracedCommit) -> String {
    let mark = commit.state == .linked || commit.state == .untracked ? "" : " (\(localized(commit.state.label)))"
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
