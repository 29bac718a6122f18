package import OrchCore

/// An entry as it stands in the log: its canonical bytes and the name that follows from them.
package struct StoredEvent: Hashable, Sendable {
  /// The place in the append order of this database: grows, above 0, with gaps where the engine leaves them; 0 before it
  /// is appended.
  package var position: Int
  package let id: EventID
  /// The canonical JSON of the envelope.
  package let bytes: [UInt8]
  private let decoded: LogEntry?

  /// An entry read from a database, not decoded yet.
  package init(position: Int, id: EventID, bytes: [UInt8]) {
    self.position = position
    self.id = id
    self.bytes = bytes
    decoded = nil
  }

  /// An entry that was read from canonical bytes, or is about to be appended.
  package init(_ entry: LogEntry) {
    position = 0
    bytes = entry.canonicalBytes
    id = SHA256.digest(of: bytes)
    decoded = entry
  }

  /// The entry itself.
  ///
  /// - Throws: `StoreError.corrupt` when the bytes are not an entry.
  package func entry() throws(StoreError) -> LogEntry {
    if let decoded { return decoded }
    do {
      return try LogEntry(json: bytes)
    } catch {
      throw .corrupt(.damageUnreadableEvent(event: id.hex.prefix(10), problem: error.message))
    }
  }

  /// Whether a text stands as a string in the event's data: a look at the bytes, before an entry is decoded.
  ///
  /// The data is the first thing called so in the canonical order of keys, and no string can hold the mark of it.
  package func dataHolds(_ text: String) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      guard let data = Self.find(Array("\"data\":{".utf8), in: bytes, from: 0) else { return false }
      return Self.find(Array("\"\(text)\"".utf8), in: bytes, from: data) != nil
    }
  }

  private static func find(_ needle: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    let last = bytes.count - needle.count
    search: while index <= last {
      for offset in needle.indices where bytes[index + offset] != needle[offset] {
        index += 1
        continue search
      }
      return index
    }
    return nil
  }

  package static func == (left: StoredEvent, right: StoredEvent) -> Bool {
    left.id == right.id && left.position == right.position && left.bytes == right.bytes
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
