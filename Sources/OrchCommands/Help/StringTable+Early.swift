import OrchRendering
import OrchRuntime
import Templates

extension StringTable {
  /// The table for help, and for errors before a command's options are known: by `--lang`, `ORCH_LANG` or the locale.
  ///
  /// - Parameter words: the words of the command line.
  static func early(_ words: [String]) -> StringTable {
    let environment = Environment.process
    let directory = Templates.overrideDirectory(configHome: environment["XDG_CONFIG_HOME"], home: environment.home)
    var name = environment["ORCH_LANG"]
    for (index, word) in words.enumerated() {
      if word == "--" { break }
      if word == "--lang", index + 1 < words.count { name = words[index + 1] }
      if word.hasPrefix("--lang=") { name = String(word.dropFirst("--lang=".count)) }
    }
    let language =
      name.flatMap { Language($0, overridesIn: directory) }
      ?? Language.preferred(overridesIn: directory) { environment[$0] }
    return (try? StringTable(language, overridesIn: directory)) ?? StringTable()
  }
}
