package import OrchCore

/// Something about an installation that somebody should look at.
package struct Finding: Hashable, Sendable {
  package var code: String
  /// What it is and what it means.
  package var message: Message
  /// What to do.
  package var hint: NextAction

  package init(code: String, message: Message, hint: NextAction) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
