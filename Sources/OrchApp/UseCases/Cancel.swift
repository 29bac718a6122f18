import OrchCore
import OrchStore

extension App {
  /// Cancels a task, also under its holder. Cancelling the cancelled does nothing.
  package func cancel(_ reference: String, why: String) throws -> Transition {
    try store.write { writer in
      let task = try task(reference, in: writer)
      if task.state == .cancelled { return Transition(task: task, event: nil, now: writer.now) }
      var transition = try apply(.cancel(why: why), to: task, in: writer)
      transition.dependents = try writer.dependents(of: writer.reference(to: task)).filter(\.state.isOpen)
      return transition
    }
  }

  /// Puts a dead, cancelled or done task back into the queue. Retrying the queued does nothing.
  package func retry(_ reference: String, why: String?) throws -> Transition {
    try store.write { writer in
      let task = try task(reference, in: writer)
      if task.state == .queued { return Transition(task: task, event: nil, now: writer.now) }
      if let key = task.key, let other = try writer.openTask(key: key, logID: task.logID), other.id != task.id {
        throw OrchError.refused("\(other.id) is open and has the key \(key)", hint: "orch show \(other.id)")
      }
      return try apply(.retry(why: why), to: task, in: writer)
    }
  }

  /// Adds a remark for whoever holds or takes the task.
  package func note(_ reference: String, text: String) throws -> Transition {
    try store.write { writer in try apply(.note(text), to: task(reference, in: writer), in: writer) }
  }

  /// Decides a command of anybody about one task, and appends it.
  func apply(_ command: Command, to task: Task, in writer: any StoreWriter) throws -> Transition {
    let session = try session(of: task, in: writer)
    let events = try decided(command, by: caller(actor, at: writer.now), session: session, task: task)
    var change = SessionChange(session)
    guard let after = try change.apply(events, to: task) else {
      throw StoreError.internal("a transition without a task")
    }
    try writer.append(change)
    return Transition(task: try writer.named(after), event: change.entries.first, now: writer.now)
  }
}
