import OrchCore
import OrchStore

extension App {
  /// Cancels a task, also under its holder. Cancelling a cancelled task does nothing.
  package func cancel(_ reference: String, why: String) throws(OrchError) -> Transition {
    try write(subject(reference)) { subject, writer in
      if subject.task.state == .cancelled { return Transition(task: subject.task, event: nil, now: writer.now) }
      var transition = try execute(.cancel(why: why), on: subject, in: writer)
      transition.dependents = try writer.dependents(of: writer.reference(to: subject.task)).filter(\.state.isOpen)
      return transition
    }
  }

  /// Puts a dead, cancelled or done task back into the queue. Retrying a queued task does nothing.
  package func retry(_ reference: String, why: String?) throws(OrchError) -> Transition {
    try write(subject(reference)) { subject, writer in
      let task = subject.task
      if task.state == .queued { return Transition(task: task, event: nil, now: writer.now) }
      if let key = task.key, let other = try writer.openTask(key: key, logID: task.logID), other.id != task.id {
        throw OrchError.refused(.errorKeyTaken(other: other.id, key: key), hint: .run("show", other.id))
      }
      return try execute(.retry(why: why), on: subject, in: writer)
    }
  }

  /// Adds a note for whoever holds or takes the task.
  package func note(_ reference: String, text: String) throws(OrchError) -> Transition {
    try execute(.note(text), onTask: reference)
  }
}
