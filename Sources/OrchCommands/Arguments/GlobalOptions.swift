import ArgumentParser

/// An option of every command, before or after its name. The one declaration of them: everything that reads a command
/// line goes by it.
enum GlobalOption: Int, CaseIterable {
  case database, agent, source, project, instance, directory, json, lang, color, noPager, timeout, quiet, verbose

  struct Declaration {
    /// With their dashes.
    let names: [String]
    /// What its value is called in help; nil: it takes none.
    let value: String?
    /// The key of its text.
    let help: String

    init(_ names: String..., value: String? = nil, help: String) {
      self.names = names
      self.value = value
      self.help = help
    }
  }

  var declaration: Declaration { Self.declarations[rawValue] }

  /// In the order of the cases.
  private static let declarations = [
    Declaration(
      "--database", value: "url", help: "help.global.database"),
    Declaration("--agent", value: "name", help: "help.global.agent"),
    Declaration("--source", value: "text", help: "help.global.source"),
    Declaration("--project", value: "name", help: "help.global.project"),
    Declaration("--instance", value: "name", help: "help.global.instance"),
    Declaration("-C", value: "dir", help: "help.global.directory"),
    Declaration("--json", help: "help.global.json"),
    Declaration("--lang", value: "language", help: "help.global.lang"),
    Declaration("--color", value: "when", help: "help.global.color"),
    Declaration("--no-pager", help: "help.global.no-pager"),
    Declaration("--timeout", value: "duration", help: "help.global.timeout"),
    Declaration("-q", "--quiet", help: "help.global.quiet"),
    Declaration("-v", "--verbose", help: "help.global.verbose")
  ]

  /// The option that a word of a command line names.
  init?(named word: String) {
    guard let index = Self.declarations.firstIndex(where: { $0.names.contains(word) }) else { return nil }
    self.init(rawValue: index)
  }

  var takesValue: Bool { declaration.value != nil }
}

extension Option<String?> {
  fileprivate init(_ option: GlobalOption) {
    let declaration = option.declaration
    self.init(
      name: declaration.specification,
      help: ArgumentHelp(declaration.help, valueName: declaration.value))
  }
}

extension Flag<Bool> {
  fileprivate init(wrappedValue: Bool, _ option: GlobalOption) {
    let declaration = option.declaration
    self.init(
      wrappedValue: wrappedValue, name: declaration.specification,
      help: ArgumentHelp(declaration.help))
  }
}

extension GlobalOption.Declaration {
  fileprivate var specification: NameSpecification {
    NameSpecification(
      names.map { name in
        name.hasPrefix("--")
          ? NameSpecification.Element.customLong(String(name.dropFirst(2)))
          : NameSpecification.Element.customShort(name.last ?? "-")
      })
  }
}

/// The options of every command, as ArgumentParser reads them.
struct GlobalOptions: ParsableArguments {
  @Option(.database) var database: String?
  @Option(.agent) var agent: String?
  @Option(.source) var source: String?
  @Option(.project) var project: String?
  @Option(.instance) var instance: String?
  @Option(.directory) var directory: String?
  @Flag(.json) var json = false
  @Option(.lang) var lang: String?
  @Option(.color) var color: String?
  @Flag(.noPager) var noPager = false
  @Option(.timeout) var timeout: String?
  @Flag(.quiet) var quiet = false
  @Flag(.verbose) var verbose = false

  var values: GlobalValues {
    let texts: [(GlobalOption, String?)] = [
      (.database, database), (.agent, agent), (.source, source), (.project, project), (.instance, instance),
      (.directory, directory), (.lang, lang), (.color, color), (.timeout, timeout)
    ]
    let switches: [(GlobalOption, Bool)] = [
      (.json, json), (.noPager, noPager), (.quiet, quiet), (.verbose, verbose)
    ]
    var values = GlobalValues()
    for (option, text) in texts { values[option] = text }
    for (option, isOn) in switches where isOn { values[option] = "" }
    return values
  }
}

/// What the options of every command say, however they were read.
struct GlobalValues {
  private var values = [String?](repeating: nil, count: GlobalOption.allCases.count)

  /// A value; of a switch that is on, an empty one.
  subscript(option: GlobalOption) -> String? {
    get { values[option.rawValue] }
    set { values[option.rawValue] = newValue }
  }

  func isOn(_ option: GlobalOption) -> Bool { self[option] != nil }
}
