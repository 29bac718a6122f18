/// The words of a command line in their plainest form, read without ArgumentParser.
///
/// ArgumentParser finds a command's options by reflection, which costs several times what a whole heartbeat does. The
/// commands that agents give all day read the plain form by this. Everything else (help, an unknown or repeated option,
/// one without its value, joined short options, `--`) is no plain form and is left to ArgumentParser, errors included.
struct PlainWords {
  private(set) var positionals: [String] = []
  private var values: [String: String] = [:]
  private var flags: Set<String> = []

  /// - Parameters:
  ///   - valued: the options that take a value, with their dashes.
  ///   - most: how many positional words there may be.
  init?(_ words: [String], valued: Set<String>, most: Int) {
    var index = 0
    while index < words.count {
      var word = words[index]
      index += 1
      guard word.utf8.first == UInt8(ascii: "-") else {
        positionals.append(word)
        continue
      }
      let value: String
      if let equals = word.firstIndex(of: "="), word.hasPrefix("--") {
        value = String(word[word.index(after: equals)...])
        word = String(word[..<equals])
        guard valued.contains(word) || Self.globals.contains(word) else { return nil }
      } else if Self.flags.contains(word) {
        guard flags.insert(word).inserted else { return nil }
        continue
      } else if valued.contains(word) || Self.globals.contains(word), index < words.count,
        words[index].utf8.first != UInt8(ascii: "-")
      {
        value = words[index]
        index += 1
      } else {
        return nil
      }
      guard values.updateValue(value, forKey: word) == nil else { return nil }
    }
    guard positionals.count <= most else { return nil }
  }

  subscript(option: String) -> String? { values[option] }

  /// The options of every command.
  var global: GlobalOptions {
    var options = GlobalOptions()
    options.database = self["--database"]
    options.agent = self["--agent"]
    options.source = self["--source"]
    options.project = self["--project"]
    options.instance = self["--instance"]
    options.directory = self["-C"]
    options.json = flags.contains("--json")
    options.lang = self["--lang"]
    options.color = self["--color"]
    options.noPager = flags.contains("--no-pager")
    options.timeout = self["--timeout"]
    options.quiet = flags.contains("-q") || flags.contains("--quiet")
    options.verbose = flags.contains("-v") || flags.contains("--verbose")
    return options
  }

  /// The options of a holder's command.
  var holder: HolderOptions {
    var options = HolderOptions()
    var task = TaskArgument()
    task.task = positionals.first
    task.option = self["--task"]
    options.task = task
    options.session = self["--session"]
    options.token = self["--token"]
    return options
  }

  /// What `holder` reads.
  static let holder: Set<String> = ["--task", "--session", "--token"]

  private static let globals: Set<String> = [
    "--database", "--agent", "--source", "--project", "--instance", "-C", "--lang", "--color", "--timeout",
  ]
  private static let flags: Set<String> = ["--json", "--no-pager", "-q", "--quiet", "-v", "--verbose"]
}
