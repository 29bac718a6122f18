package import OrchCore

/// What an engine can fail with. Decisions are refused with `Rejection`, never with this.
package enum StoreError: Error, Hashable, Sendable {
  /// There is no database at the address.
  case absent(String)
  /// Unreachable, or still locked at the deadline: nothing was done.
  case unavailable(Message, hint: NextAction? = nil)
  /// The connection was lost while committing, and whether it took effect could not be found out.
  /// The hint is the command that finds out.
  case outcomeUnknown(Message, hint: NextAction)
  /// The stored bytes contradict themselves.
  case corrupt(Message)
  /// Disk full, read-only file system, failed reads and writes.
  case io(Message)
  case permission(Message, hint: NextAction? = nil)
  /// A schema newer than this program, a file that is not a database of this program.
  case configuration(Message, hint: NextAction?)
  /// It was moved, or is being moved: nothing was written.
  case moved(Relocation)
  /// Several foreign logs have a session, or a task, of this name: the names that tell them apart.
  case ambiguous(String, [String])
  /// This program does not understand all events of this session, or its rows were written by a program that understood
  /// less than this one: nothing was decided about it.
  indirect case notUnderstood(Session)
  /// The version that a decision read is not the present one, or a unique name was taken: decide again.
  case conflict
  /// A bug: a statement that does not fit its schema, a misuse of the library. The text is for who mends it.
  case `internal`(String)
}
