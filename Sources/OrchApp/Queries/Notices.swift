import OrchCore
import OrchStore

extension App {
  /// The notes on the held task that its holder has not been shown, oldest first; marks them as shown in `change`.
  func notices(_ change: inout SessionChange, in reader: any StoreReader) throws -> [DecodedEvent] {
    guard let lease = change.after.lease, let last = change.before.noteSeq, last > lease.noticedSeq else { return [] }
    var notices: [DecodedEvent] = []
    try reader.forEachEvent(EventQuery(.newestFirst, session: reader.reference(to: change.before))) { recorded in
      let entry = try recorded.entry()
      guard entry.seq > lease.noticedSeq else { return false }
      let event = entry.event
      if event.type == .noteAdded, event.task == lease.task, event.roles.actor != lease.agent {
        notices.append(DecodedEvent(id: recorded.id, entry: entry))
      }
      return true
    }
    change.noticed()
    return notices.reversed()
  }
}
