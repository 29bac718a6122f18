/// The state after an entry that any program may have written: as `evolve`, as far as this program understands it.
///
/// At the first entry that it does not understand, state stops: later ones only move the session's number and time on,
/// and a task that is not known gets a row with nothing but its id. The session says so (`readVocabulary`), and the
/// first program that understands more replays it.
///
/// - Throws: `MalformedEvent`, as `evolve`.
package func evolve(_ state: consuming State, reading entry: LogEntry) throws(MalformedEvent) -> State {
  let event = entry.event
  if entry.understanding != .nothing, state.session.isUnderstood {
    var state = try evolve(state, event)
    if entry.understanding == .butKeys { state.session.passOver() }
    return state
  }
  if entry.understanding != .nothing { try event.checkKinds() }
  var state = state
  state.session.seq += 1
  state.session.at = event.at
  state.session.neededVocabulary = max(state.session.neededVocabulary, event.type.vocabulary)
  state.session.passOver()
  if event.task != nil, state.task == nil { state.task = Task(named: event, session: state.session) }
  return state
}

extension Session {
  /// Notes that this program passed something over.
  fileprivate mutating func passOver() {
    readVocabulary = min(readVocabulary ?? EventVocabulary.current, EventVocabulary.current)
  }
}

extension Task {
  /// A task of which this program knows no more than that `event` names it, and its beginning where the event is that.
  ///
  /// It takes no key: whether the key is free again is not known.
  fileprivate init(named event: Event, session: Session) {
    if let added = try? Task(added: event, session: session.id), event.type == .taskAdded || event.type == .taskImported
    {
      self = added
      key = nil
    } else {
      self.init(
        NewTask(id: event.task ?? "", title: Task.unknownTitle), session: session.id, createdAt: event.at,
        createdBy: nil, source: nil)
    }
    logID = session.logID
  }

  /// The title of a task whose beginning this program does not understand.
  package static let unknownTitle = "?"
}
