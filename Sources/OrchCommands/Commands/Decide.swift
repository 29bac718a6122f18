import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct DecideCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide", abstract: "Settle a value for the project, so that nobody flips it by accident.",
    discussion:
      "Changing a settled value needs --supersedes with the decision in force; the refusal names it, who made it and why."
  )

  @OptionGroup var global: GlobalOptions

  @Argument(help: "What is settled.")
  var key: String

  @Argument(help: "Its value, on one line.")
  var value: String

  @Option(help: ArgumentHelp("Why: text, @FILE or - for standard input.", valueName: "text"))
  var because: String

  @Option(help: ArgumentHelp("The decision in force that it takes the place of.", valueName: "event"))
  var supersedes: String?

  func run(_ invocation: Invocation) throws {
    let key = try Validated.identifier(key, "KEY")
    guard let value = try Validated.line(value, "VALUE"), !value.allSatisfy(\.isWhitespace) else {
      throw OrchError.invalid("VALUE is empty")
    }
    guard let because = try invocation.input.words(because, "--because") else {
      throw OrchError.invalid("say why with --because")
    }
    let settled = try invocation.runtime.recordDecision(key, value, because: because, supersedes: supersedes)
    invocation.output.result(
      json: .decision(settled.decision), text: invocation.output.isQuiet ? "" : invocation.reader.settled(settled))
  }
}

struct DecisionsCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "decisions", abstract: "List the decisions in force of the project.")

  @OptionGroup var global: GlobalOptions

  @Argument(help: "Only about this.")
  var key: String?

  @Flag(help: "Every decision there was, in the order of the log.")
  var all = false

  func run(_ invocation: Invocation) throws {
    let key = try key.map { try Validated.identifier($0, "KEY") }
    for decision in try invocation.runtime.decisions(key, all: all) {
      invocation.output.result(json: .decision(decision), text: invocation.reader.decision(decision, now: .systemNow))
    }
  }
}
