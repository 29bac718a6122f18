import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Agents: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "agents", abstract: "help.agents",
    usage: "orch agents\n       orch agents set NAME [--display TEXT] [--role owner|reviewer|author]")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("agents.verb"))
  var verb: String?

  @Argument(help: .key("agents.name"))
  var name: String?

  @Option(help: .key("agents.display", "text"))
  var display: String?

  @Option(help: .key("agents.role"))
  var role: String?

  private enum Role: String, CaseIterable {
    case owner, reviewer, author
  }

  func run(_ invocation: Invocation) throws {
    switch (verb, name) {
    case (nil, _):
      guard display == nil, role == nil else {
        throw OrchError.usage(.errorWhichAgentDescribed, hint: .run("agents", "set", "NAME"))
      }
      for agent in try invocation.runtime.agents() {
        invocation.output.result(json: .agent(agent), text: invocation.reader.agent(agent, now: .systemNow))
      }
    case ("set", let name?):
      guard display != nil || role != nil else {
        throw OrchError.usage(
          .errorNothingSet, hint: .run("agents", "set", name, "--display", "TEXT", "--role", "ROLE"))
      }
      let shown: String?? = try display.map { try Validated.line($0, "--display") }
      let role: Role? = try role.map { try Validated.choice($0, "--role") }
      let agent = try invocation.runtime.describe(
        try Validated.identifier(name, "NAME"), display: shown, role: role?.rawValue)
      invocation.output.result(json: .agent(agent), text: invocation.reader.agent(agent, now: .systemNow))
    case ("set", nil):
      throw OrchError.usage(.errorWhichAgentDescribed, hint: .run("agents", "set", "NAME", "--display", "TEXT"))
    case (let other?, _): throw OrchError.usage(.errorAgentsVerb(other: other), hint: .run("agents", "set", "NAME"))
    }
  }
}
