/// What a decision is made on: a session, one of its tasks and the session's saved context.
package struct State: Hashable, Sendable {
  package var session: Session
  /// The task the command is about; nil when it does not exist yet, or the command is about none.
  package var task: Task?
  /// The saved context; needed by `checkpoint` alone.
  package var context: Checkpoint.Context

  package init(session: Session, task: Task?, context: Checkpoint.Context = .init()) {
    self.session = session
    self.task = task
    self.context = context
  }
}
