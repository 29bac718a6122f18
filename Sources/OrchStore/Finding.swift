/// Something about an installation that somebody should look at.
package struct Finding: Hashable, Sendable {
  package var code: String
  /// What it is and what it means.
  package var message: String
  /// What to do.
  package var hint: String

  package init(code: String, message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
