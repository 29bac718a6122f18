import OrchApp
import OrchRuntime

/// The words of a command line in their plainest form, read without ArgumentParser.
///
/// ArgumentParser finds a command's options by reflection, which costs several times what a whole heartbeat does. The
/// command that agents give all day reads its plain form by this. Everything else (help, an unknown or repeated option,
/// one without its value, joined short options, `--`) is no plain form and is left to ArgumentParser, errors included.
///
/// No dictionary and no set in here: the first of each type costs a start more than reading all words does.
struct FastArgumentParser {
  private(set) var positionals: [String] = []
  /// The options of every command.
  private(set) var global = GlobalValues()
  private var values: [(option: String, value: String)] = []

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
      var option = GlobalOption(named: word)
      if let option, !option.takesValue {
        guard !global.isOn(option) else { return nil }
        global[option] = ""
        continue
      }
      let value: String
      if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
        value = String(word[word.index(after: equals)...])
        word = String(word[..<equals])
        option = GlobalOption(named: word)
        if option?.takesValue == false { return nil }
      } else {
        guard index < words.count, words[index].utf8.first != UInt8(ascii: "-") else { return nil }
        value = words[index]
        index += 1
      }
      if let option {
        guard !global.isOn(option) else { return nil }
        global[option] = value
      } else {
        guard valued.contains(word), self[word] == nil else { return nil }
        values.append((word, value))
      }
    }
    guard positionals.count <= limit else { return nil }
  }

  subscript(option: String) -> String? { values.first { $0.option == option }?.value }

  /// The lease of a holder's command: `--task` or the first word, `--session`, `--token`.
  func holder(_ invocation: Invocation) throws -> HolderRequest {
    try invocation.runtime.holder(
      task: TaskArgument.reference(positionals.first, self["--task"]), session: self["--session"],
      token: self["--token"])
  }
}
