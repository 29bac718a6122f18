/// A text for a user, as a value: its key in the string tables, and what fills the text's places.
///
/// Who throws or answers says what happened; the front end chooses the language. Messages are made by the functions that
/// the build generates from `Templates/text.en.txt`.
package struct Message: Hashable, Sendable {
  /// The key of the text.
  package let key: String
  package let arguments: [Argument]
  /// The number that chooses between the forms of the text; nil where it has one form.
  package let count: Int?

  /// A text that is in no table: a name, the sentence of a library. Then there is no key.
  package let verbatim: String?

  /// A text of the tables.
  package init(_ key: String, _ arguments: [Argument], count: Int? = nil) {
    self.key = key
    self.arguments = arguments
    self.count = count
    verbatim = nil
  }

  package init(verbatim: String) {
    key = ""
    arguments = []
    count = nil
    self.verbatim = verbatim
  }

  /// What fills one place.
  package struct Argument: Hashable, Sendable {
    /// The name of the place.
    package let name: String
    package let value: Value

    package init(_ name: String, _ value: some MessageArgument) {
      self.name = name
      self.value = value.messageValue
    }
  }

  package enum Value: Hashable, Sendable {
    case text(String)
    case number(Int)
    /// A text of the tables inside another one.
    case message(Message)
    /// A command to copy.
    case command(ShellCommand)
    /// Several, with commas between them.
    case list([Message])
  }
}

/// What can fill a place of a message.
package protocol MessageArgument {
  var messageValue: Message.Value { get }
}

extension String: MessageArgument {
  package var messageValue: Message.Value { .text(self) }
}

extension Substring: MessageArgument {
  package var messageValue: Message.Value { .text(String(self)) }
}

extension Int: MessageArgument {
  package var messageValue: Message.Value { .number(self) }
}

extension Instant: MessageArgument {
  package var messageValue: Message.Value { .text(iso8601) }
}

extension [Message]: MessageArgument {
  package var messageValue: Message.Value { .list(self) }
}

extension Message: MessageArgument {
  package var messageValue: Message.Value { .message(self) }
}

extension Message: CustomStringConvertible {
  /// For logs of defects, not for users: the key and what fills the places.
  package var description: String {
    verbatim ?? ([key] + arguments.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }
}
