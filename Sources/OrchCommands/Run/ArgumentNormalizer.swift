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

  /// Every option that may stand before a command's name.
  static var options: [String] {
    (GlobalOption.allCases.flatMap(\.declaration.names) + ["-h", "--help", "--version"]).sorted()
  }

  init(_ words: [String]) {
    var index = 0
    while index < words.count {
      let word = words[index]
      let option = GlobalOption(named: word)
      if option?.takesValue == true {
        if index + 1 == words.count { incomplete = word }
        moved += words[index..<min(index + 2, words.count)]
        index = min(index + 2, words.count)
      } else if option != nil || Self.asksForHelp(word) || Self.hasValue(word) {
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
      // The page of a member, too: `orch help review approve`.
      (name, own) = (topic, own.dropFirst().prefix { !$0.hasPrefix("-") } + ["--help"])
    }
    command = name
    rest = moved + own
  }

  /// Whether help is asked for without a command.
  var wantsHelp: Bool { moved.contains("--help") || moved.contains("-h") }

  static func asksForHelp(_ word: String) -> Bool { word == "-h" || word == "--help" }

  /// Whether a word is a global option and its value: `--agent=NAME`.
  private static func hasValue(_ word: String) -> Bool {
    guard let equals = word.firstIndex(of: "=") else { return false }
    return GlobalOption(named: String(word[..<equals]))?.takesValue == true
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
