/// What a holder changes of the saved context: nil keeps a value, an inner nil clears it.
package struct CheckpointChange: Hashable, Sendable {
  package var phase: String??
  package var lastAction: String??
  package var nextAction: String??
  package var reference: String??
  package var note: String??
  package var data: String??
  /// Moves the next action to the last one, before the rest is applied.
  package var done = false

  package init() {}
}

extension Checkpoint.Context {
  /// The context after `change`.
  package func applying(_ change: CheckpointChange) -> Checkpoint.Context {
    var context = self
    if change.done {
      context.lastAction = context.nextAction ?? context.lastAction
      context.nextAction = nil
    }
    if let phase = change.phase { context.phase = phase }
    if let lastAction = change.lastAction { context.lastAction = lastAction }
    if let nextAction = change.nextAction { context.nextAction = nextAction }
    if let reference = change.reference { context.reference = reference }
    if let note = change.note { context.note = note }
    if let data = change.data { context.data = data }
    return context
  }
}
