import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Agents: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "agents", abstract: "List the agents, or say how one is shown.",
    usage: "orch agents\n       orch agents set NAME [--display TEXT] [--role owner|reviewer|author]")

  @OptionGroup var global: GlobalOptions

  @Argument(help: "set, to describe an agent.")
  var verb: String?

  @Argument(help: "The agent to describe.")
  var name: String?

  @Option(help: ArgumentHelp("How the agent is shown.", valueName: "text"))
  var display: String?

  @Option(help: "owner, reviewer or author.")
  var role: String?

  private enum Role: String, CaseIterable {
    case owner, reviewer, author
  }

  func run(_ invocation: Invocation) throws {
    switch (verb, name) {
    case (nil, _):
      guard display == nil, role == nil else { throw OrchError.usage("whom?", hint: "orch agents set NAME") }
      for agent in try invocation.runtime.agents() {
        invocation.output.result(json: .agent(agent), text: invocation.reader.agent(agent, now: .systemNow))
      }
    case ("set", let name?):
      guard display != nil || role != nil else {
        throw OrchError.usage("nothing to set", hint: "orch agents set \(name) --display TEXT --role ROLE")
      }
      let shown: String?? = try display.map { try Validated.line($0, "--display") }
      let role: Role? = try role.map { try Validated.choice($0, "--role") }
      let agent = try invocation.runtime.describe(
        try Validated.identifier(name, "NAME"), display: shown, role: role?.rawValue)
      invocation.output.result(json: .agent(agent), text: invocation.reader.agent(agent, now: .systemNow))
    case ("set", nil): throw OrchError.usage("whom?", hint: "orch agents set NAME --display TEXT")
    case (let other?, _): throw OrchError.usage("orch agents has no verb \(other)", hint: "orch agents set NAME")
    }
  }
}
