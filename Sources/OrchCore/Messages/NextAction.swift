/// What somebody can do next, as a value: a command to copy, or a sentence.
///
/// The front end writes commands: it puts the program's name in front and quotes words for a shell.
package enum NextAction: Hashable, Sendable {
  case command(ShellCommand)
  case text(Message)

  /// A command of orch.
  package static func run(_ words: String...) -> NextAction { .command(ShellCommand(isOrch: true, words)) }

  /// A command of another program, or words for a command line.
  package static func shell(_ words: String...) -> NextAction { .command(ShellCommand(isOrch: false, words)) }
}

extension NextAction: MessageArgument {
  package var messageValue: Message.Value {
    switch self {
    case .command(let command): .command(command)
    case .text(let message): .message(message)
    }
  }
}

/// A command as its words, without quotes: ids, paths and words that stand for what is to be filled in, such as `TEXT`.
package struct ShellCommand: Hashable, Sendable {
  /// Whether the words are arguments of orch, whose name they leave out.
  package let isOrch: Bool
  package let words: [String]

  package init(isOrch: Bool, _ words: [String]) {
    self.isOrch = isOrch
    self.words = words
  }

  /// A command of orch.
  package static func orch(_ words: String...) -> ShellCommand { ShellCommand(isOrch: true, words) }

  /// Words of a command line, for a place in a message.
  package static func words(_ words: String...) -> ShellCommand { ShellCommand(isOrch: false, words) }
}

extension ShellCommand: MessageArgument {
  package var messageValue: Message.Value { .command(self) }
}
