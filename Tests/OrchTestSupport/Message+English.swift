package import OrchCore
import OrchRendering

extension Message {
  /// The text in English.
  package var english: String { StringTable().text(self) }
}

extension NextAction {
  /// The command, or the text in English.
  package var english: String { StringTable().text(self) }
}
