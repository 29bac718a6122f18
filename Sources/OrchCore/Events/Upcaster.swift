/// Reads an older form of events: a step from one schema number to the next.
///
/// Old events are never rewritten. They are read through the steps from their own number to the present one, and from
/// there on are as if they had been written today. A step is never changed once it was released.
package struct Upcaster: Sendable {
  /// The schema number that it reads. What it gives is of the next.
  package let schema: Int
  /// Changes the members of an envelope of that number, `schema` itself left out.
  package let upcast: @Sendable (inout [JSONMember]) throws(LogEntry.Malformed) -> Void

  package init(
    from schema: Int, _ upcast: @escaping @Sendable (inout [JSONMember]) throws(LogEntry.Malformed) -> Void
  ) {
    self.schema = schema
    self.upcast = upcast
  }

  /// The steps of this program. Schema 1 is the first, so there are none yet.
  package static let all: [Upcaster] = []
}
