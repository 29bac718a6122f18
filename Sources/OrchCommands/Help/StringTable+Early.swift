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
    var names: [String] = []
    for (index, word) in words.enumerated() {
      if word == "--" { break }
      if word == "--lang", index + 1 < words.count { names.append(words[index + 1]) }
      if word.hasPrefix("--lang=") { names.append(String(word.dropFirst("--lang=".count))) }
    }
    // The last one counts, as for other options.
    names = [names.last, environment["ORCH_LANG"]].compactMap { $0 }
    let language =
      names.lazy.compactMap { Language($0, overridesIn: directory) }.first
      ?? Language.preferred(overridesIn: directory) { environment[$0] }
    return (try? StringTable(language, overridesIn: directory)) ?? StringTable()
  }
}
