import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

// The short commands of anybody about one task.

struct AddNote: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "help.note")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(
    name: .customShort("m"), help: .key("note.message", "text"))
  var message: String

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    guard let note = try invocation.input.text(message, "-m") else { throw OrchError.invalid(.errorNoteEmpty) }
    let transition = try invocation.runtime.note(reference, text: note)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
  }
}

struct Cancel: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "help.cancel")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(name: .customShort("m"), help: .key("cancel.message", "why"))
  var message: String

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    guard let why = try Validated.text(message, "-m") else { throw OrchError.invalid(.errorWhyMissing) }
    let transition = try invocation.runtime.cancel(reference, why: why)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
    if invocation.output.isJSON, !transition.dependents.isEmpty {
      invocation.output.warn(
        .warningDependents(dependents: transition.dependents.prefix(20).map(\.id).joined(separator: " ")))
    }
  }
}

struct Retry: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "help.retry")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(name: .customShort("m"), help: .key("retry.message", "why"))
  var message: String?

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    let why = try message.flatMap { try Validated.text($0, "-m") }
    let transition = try invocation.runtime.retry(reference, why: why)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
  }
}

extension Invocation {
  /// What a transition did, unless the user wants no confirmations.
  func confirmation(_ transition: Transition) -> String { output.isQuiet ? "" : reader.transition(transition) }
}
