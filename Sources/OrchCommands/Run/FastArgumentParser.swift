/// The words of a command line in their plainest form, read without ArgumentParser.
///
/// ArgumentParser finds a command's options by reflection, which costs several times what a whole heartbeat does. The
/// command that agents give all day reads its plain form by this. Everything else (help, an unknown or repeated option,
/// one without its value, joined short options, `--`) is no plain form and is left to ArgumentParser, errors included.
///
/// No dictionary and no set in here: the first of each type costs a start more than reading all words does.
struct FastArgumentParser {
  private(set) var positionals: [String] = []
  private var values: [(option: String, value: String)] = []
  private var flags: [String] = []

  /// - Parameters:
  ///   - valued: the command's own options, all of which take a value, with their dashes.
  ///   - limit: how many positional words there may be.
  init?(_ words: [String], valued: [String], limit: Int) {
    var index = 0
    while index < words.count {
      var word = words[index]
      index += 1
      guard word.utf8.first == UInt8(ascii: "-") else {
        positionals.append(word)
        continue
      }
      if ArgumentNormalizer.flags.contains(word) {
        guard word != "-h", word != "--help", !flags.contains(word) else { return nil }
        flags.append(word)
        continue
      }
      let value: String
      if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
        value = String(word[word.index(after: equals)...])
        word = String(word[..<equals])
      } else {
        guard index < words.count, words[index].utf8.first != UInt8(ascii: "-") else { return nil }
        value = words[index]
        index += 1
      }
      guard valued.contains(word) || ArgumentNormalizer.valued.contains(word), self[word] == nil else { return nil }
      values.append((word, value))
    }
    guard positionals.count <= limit else { return nil }
  }

  subscript(option: String) -> String? { values.first { $0.option == option }?.value }

  /// The options of every command.
  var global: GlobalValues {
    GlobalValues(
      database: self["--database"], agent: self["--agent"], source: self["--source"], project: self["--project"],
      instance: self["--instance"], directory: self["-C"], json: flags.contains("--json"), lang: self["--lang"],
      color: self["--color"], noPager: flags.contains("--no-pager"), timeout: self["--timeout"],
      quiet: flags.contains("-q") || flags.contains("--quiet"),
      verbose: flags.contains("-v") || flags.contains("--verbose"))
  }

  /// The options of a holder's command: `--task` or the first word, `--session`, `--token`.
  func holder() throws -> HolderValues {
    HolderValues(
      task: try TaskArgument.reference(positionals.first, self["--task"]), session: self["--session"],
      token: self["--token"])
  }
}
