import OrchCore

/// The words of a command line, with the options that stand before the command's name moved behind it.
struct ArgumentNormalizer {
  /// The command's name, or nil when there is none.
  var command: String?
  /// The command's own words; without a command, what is none of the options below.
  var rest: [String]
  /// Options of every command that stood before its name.
  private(set) var moved: [String] = []
  /// An option among them that lacks its value.
  private(set) var incomplete: String?

  static let valued = [
    "--database", "--agent", "--source", "--project", "--instance", "-C", "--lang", "--color", "--timeout"
  ]
  static let flags = [
    "--json", "--no-pager", "-q", "--quiet", "-v", "--verbose", "-h", "--help"
  ]

  /// Every option that may stand before a command's name.
  static var options: [String] { (valued + flags + ["--version"]).sorted() }

  init(_ words: [String]) {
    var index = 0
    while index < words.count {
      let word = words[index]
      if Self.valued.contains(word) {
        if index + 1 == words.count { incomplete = word }
        moved += words[index..<min(index + 2, words.count)]
        index = min(index + 2, words.count)
      } else if Self.flags.contains(word) || Self.valued.contains(where: { word.hasPrefix($0 + "=") }) {
        moved.append(word)
        index += 1
      } else {
        break
      }
    }
    guard index < words.count, !words[index].hasPrefix("-") else {
      rest = Array(words[index...])
      return
    }
    var name = words[index]
    var own = Array(words[(index + 1)...])
    if name == "help" {
      // `orch help claim` is `orch claim --help`; `orch help` is the root's.
      guard let topic = own.first, !topic.hasPrefix("-") else {
        rest = []
        moved.append("--help")
        return
      }
      (name, own) = (topic, ["--help"])
    }
    command = name
    rest = moved + (name == "claim" ? Self.joiningWait(own) : own)
  }

  /// Whether help is asked for without a command.
  var wantsHelp: Bool { moved.contains("--help") || moved.contains("-h") }

  /// `--wait` takes the next word if that is a duration; without one it waits for ever.
  private static func joiningWait(_ words: [String]) -> [String] {
    guard let index = words.firstIndex(of: "--wait") else { return words }
    var words = words
    if index + 1 < words.count, DurationFormat.parseSeconds(words[index + 1]) != nil {
      words[index] += "=" + words.remove(at: index + 1)
    } else {
      words[index] += "=" + ClaimCommand.forever
    }
    return words
  }

  /// Whether errors are to be JSON, known before anything is parsed.
  var wantsJSON: Bool {
    for word in command == nil ? moved + rest : rest {
      if word == "--" { return false }
      if word == "--json" { return true }
    }
    return false
  }
}
