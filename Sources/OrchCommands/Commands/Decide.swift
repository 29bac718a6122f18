import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct DecideCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide", abstract: "help.decide"
  )

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("decide.key"))
  var key: String

  @Argument(help: .key("decide.value"))
  var value: String

  @Option(help: .key("decide.because", "text"))
  var because: String

  @Option(help: .key("decide.supersedes", "event"))
  var supersedes: String?

  func run(_ invocation: Invocation) throws {
    let key = try Validated.identifier(key, "KEY")
    guard let value = try Validated.line(value, "VALUE"), !value.allSatisfy(\.isWhitespace) else {
      throw OrchError.invalid(.errorValueEmpty)
    }
    guard let because = try invocation.input.words(because, "--because") else {
      throw OrchError.invalid(.errorBecauseMissing)
    }
    let settled = try invocation.runtime.recordDecision(key, value, because: because, supersedes: supersedes)
    invocation.output.result(
      json: .decision(settled.decision), text: invocation.output.isQuiet ? "" : invocation.reader.settled(settled))
  }
}

struct DecisionsCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "decisions", abstract: "help.decisions")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("decisions.key"))
  var key: String?

  @Flag(help: .key("decisions.all"))
  var all = false

  func run(_ invocation: Invocation) throws {
    let key = try key.map { try Validated.identifier($0, "KEY") }
    for decision in try invocation.runtime.decisions(key, all: all) {
      invocation.output.result(json: .decision(decision), text: invocation.reader.decision(decision, now: .systemNow))
    }
  }
}
