import ArgumentParser
import OrchApp
import OrchCore

/// A command that is several: `orch review approve`, `orch review list`.
protocol OrchGroup: OrchCommand {
  static var members: [any OrchCommand.Type] { get }
}

extension OrchGroup {
  static func perform(_ words: [String], _ output: Output) throws {
    let line = ArgumentNormalizer(words)
    let name = names[0]
    guard let first = line.command else {
      output.write(HelpPage(command: CommandModel(Self.self), strings: .early(words)).text)
      if !line.wantsHelp, !words.contains("--help"), !words.contains("-h") {
        throw ExitStatus(code: ErrorCode.usage.exitStatus)
      }
      return
    }
    guard let member = members.first(where: { $0.names.contains(first) }) else {
      let near = nearest(to: first, in: members.flatMap { $0.names }, within: 2)
      throw OrchError.usage(.errorNoMember(name: name, first: first), hint: .run(name, near ?? "--help"))
    }
    try member.perform(line.rest, output)
  }

  func run(_ invocation: Invocation) throws {}
}
