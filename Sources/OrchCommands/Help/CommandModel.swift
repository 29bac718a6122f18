import ArgumentParser
import OrchCore

/// What a command declares: its names and its arguments. Help, reference pages, manual pages and completion scripts are
/// written from it; the texts are in the string tables.
struct CommandModel {
  /// What it is called after `orch`: `review approve`; empty for `orch` itself.
  let path: String
  /// Its name and its short forms.
  let names: [String]
  let arguments: [Argument]
  /// The commands in it.
  let members: [CommandModel]

  /// What its texts' keys begin with: `help.review.approve`.
  var key: String { "help." + (path.isEmpty ? "orch" : path.map { $0 == " " ? "." : String($0) }.joined()) }

  struct Argument {
    enum Kind: String {
      case positional, option, flag
    }

    let kind: Kind
    /// With their dashes: `-m`, `--ttl`.
    var names: [String]
    let valueName: String
    let isOptional: Bool
    let isRepeating: Bool
    /// Whether it stands behind `--`.
    let isBehindTerminator: Bool
    /// The key of its text.
    let key: String

    /// Whether every command has it.
    var isGlobal: Bool { key.hasPrefix("help.global.") }
  }
}

extension ArgumentHelp {
  /// Help whose text has the key `help.KEY`.
  static func key(_ key: StaticString, _ valueName: String? = nil) -> ArgumentHelp {
    ArgumentHelp("help.\(key)", valueName: valueName)
  }
}

// MARK: From the declarations

extension CommandModel {
  init(_ command: any OrchCommand.Type) {
    let members = (command as? any OrchGroup.Type)?.members ?? []
    self.init(
      path: command.path, names: command.names, arguments: Self.arguments(of: command),
      members: members.map { CommandModel($0) })
  }

  /// `orch` with all commands. Its arguments are the global options, which every command declares.
  static var root: CommandModel {
    CommandModel(
      path: "", names: ["orch"],
      arguments: arguments(of: BriefCommand.self).filter(\.isGlobal) + [Argument.help, Argument.version],
      members: Orch.commands.map { CommandModel($0) })
  }

  private static func arguments<Command: ParsableCommand>(of command: Command.Type) -> [Argument] {
    let dumped: String
    do {
      _ = try command.parse(["--experimental-dump-help"])
      return []
    } catch {
      dumped = command.fullMessage(for: error)
    }
    let arguments = (try? JSON.parse(Array(dumped.utf8)))?["command"]?["arguments"]?.arrayValue ?? []
    return arguments.compactMap { Argument($0) }.reduce(into: []) { merged, argument in
      // A flag and its inverse are one option.
      if let last = merged.last, last.kind == .flag, last.key == argument.key {
        merged[merged.count - 1].names += argument.names
      } else {
        merged.append(argument)
      }
    }
  }
}

extension CommandModel.Argument {
  static let help = Self(
    kind: .flag, names: ["-h", "--help"], valueName: "", isOptional: true, isRepeating: false,
    isBehindTerminator: false, key: "help.option.help")
  static let version = Self(
    kind: .flag, names: ["--version"], valueName: "", isOptional: true, isRepeating: false, isBehindTerminator: false,
    key: "help.option.version")

  /// An argument as ArgumentParser dumps it; nil for one that help does not show.
  fileprivate init?(_ dumped: JSON) {
    guard let kind = dumped["kind"]?.stringValue.flatMap(Kind.init), dumped["shouldDisplay"]?.boolValue == true else {
      return nil
    }
    let names = (dumped["names"]?.arrayValue ?? []).compactMap { name -> String? in
      guard let text = name["name"]?.stringValue else { return nil }
      return (name["kind"]?.stringValue == "long" ? "--" : "-") + text
    }
    guard !names.contains("--help") else {
      self = .help
      return
    }
    self.init(
      kind: kind, names: names.sorted { $0.utf8.count < $1.utf8.count },
      valueName: dumped["valueName"]?.stringValue ?? "", isOptional: dumped["isOptional"]?.boolValue ?? false,
      isRepeating: dumped["isRepeating"]?.boolValue ?? false,
      isBehindTerminator: dumped["parsingStrategy"]?.stringValue == "postTerminator",
      key: dumped["abstract"]?.stringValue ?? "")
  }
}
