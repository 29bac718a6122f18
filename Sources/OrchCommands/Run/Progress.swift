import OrchCore
import OrchRendering
import OrchSystem
import SystemPackage

/// A line on a terminal for what takes more than a second; nothing elsewhere.
final class Progress {
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var shown = false
  private let renderer: TextRenderer

  init(_ invocation: Invocation) {
    renderer = invocation.reader
    isShown = FileDescriptor.standardError.isTerminal && !invocation.output.isQuiet
  }

  func show(_ text: Message) {
    guard isShown, ContinuousClock.now - start > .seconds(1) else { return }
    shown = true
    Output.stderr("\r\u{1B}[K\(renderer.localized(text))")
  }

  func end() {
    if shown { Output.stderr("\r\u{1B}[K") }
    shown = false
  }
}
