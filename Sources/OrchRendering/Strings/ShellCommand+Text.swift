package import OrchCore

extension ShellCommand {
  /// The command as it is typed: with the program's name, and words quoted where a shell needs it.
  package var text: String { ((isOrch ? ["orch"] : []) + words.map(ShellWord.escaped)).joined(separator: " ") }
}
