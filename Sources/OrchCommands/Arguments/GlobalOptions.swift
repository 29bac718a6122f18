import ArgumentParser

/// The options of every command, before or after its name.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Use this database: a path, sqlite:PATH, or a PostgreSQL address.", valueName: "url"))
  var database: String?

  @Option(help: ArgumentHelp("Act as this agent.", valueName: "name"))
  var agent: String?

  @Option(help: ArgumentHelp("Say where the request came from.", valueName: "text"))
  var source: String?

  @Option(help: ArgumentHelp("Work for this project.", valueName: "name"))
  var project: String?

  @Option(help: ArgumentHelp("Name this place, where the agent runs.", valueName: "name"))
  var instance: String?

  @Option(name: .customShort("C"), help: ArgumentHelp("Run in this directory.", valueName: "dir"))
  var directory: String?

  @Flag(help: "Print JSON, one object a line.")
  var json = false

  @Option(help: ArgumentHelp("Print texts in English or Korean: en, ko.", valueName: "language"))
  var lang: String?

  @Option(help: ArgumentHelp("Colour texts: auto, always, never.", valueName: "when"))
  var color: String?

  @Flag(name: .customLong("no-pager"), help: "Do not page long texts.")
  var noPager = false

  @Option(help: ArgumentHelp("Give up on a locked database after this long (10s).", valueName: "duration"))
  var timeout: String?

  @Flag(name: .shortAndLong, help: "Print no warnings and no confirmations.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say which database, agent and place are used.")
  var verbose = false
}

/// What the options of every command say, however they were read.
struct GlobalValues {
  var database: String?
  var agent: String?
  var source: String?
  var project: String?
  var instance: String?
  var directory: String?
  var json = false
  var lang: String?
  var color: String?
  var noPager = false
  var timeout: String?
  var quiet = false
  var verbose = false
}

extension GlobalValues {
  init(_ options: GlobalOptions) {
    self.init(
      database: options.database, agent: options.agent, source: options.source, project: options.project,
      instance: options.instance, directory: options.directory, json: options.json, lang: options.lang,
      color: options.color, noPager: options.noPager, timeout: options.timeout, quiet: options.quiet,
      verbose: options.verbose)
  }
}
