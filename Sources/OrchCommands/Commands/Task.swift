import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

// The short commands of anybody about one task.

struct AddNote: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Add a remark for whoever holds or takes the task.")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(
    name: .customShort("m"), help: ArgumentHelp("The remark: text, @FILE or - for standard input.", valueName: "text"))
  var message: String

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    guard let note = try invocation.input.text(message, "-m") else { throw OrchError.invalid("the remark is empty") }
    let transition = try invocation.runtime.note(reference, text: note)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
  }
}

struct Cancel: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel a task, whoever holds it; names the tasks that wait for it.")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(name: .customShort("m"), help: ArgumentHelp("Why.", valueName: "why"))
  var message: String

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    guard let why = try Validated.text(message, "-m") else { throw OrchError.invalid("say why with -m") }
    let transition = try invocation.runtime.cancel(reference, why: why)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
    if invocation.output.isJSON, !transition.dependents.isEmpty {
      invocation.output.warn("waiting for it: \(transition.dependents.prefix(20).map(\.id).joined(separator: " "))")
    }
  }
}

struct Retry: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Put a dead, cancelled or done task back into the queue.")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(name: .customShort("m"), help: ArgumentHelp("Why.", valueName: "why"))
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
