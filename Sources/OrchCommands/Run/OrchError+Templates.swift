import OrchApp
import OrchCore
import OrchRendering
import Templates

extension OrchError {
  /// What is wrong with a file of the user's own texts; nil for other errors.
  init?(template error: any Error) {
    let message: Message
    switch error {
    case let error as TemplateError: message = error.message
    case let error as UnreadableTemplate: message = .templateUnreadable(path: error.path, reason: error.reason)
    default: return nil
    }
    self.init(.configuration, message, hint: .text(.hintCorrectTemplate))
  }
}
