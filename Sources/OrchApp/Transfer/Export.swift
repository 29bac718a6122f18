package import OrchStore

extension App {
  /// Visits every entry of the log, or of one session, oldest first, until `visit` returns false.
  ///
  /// A page at a time, so that neither memory nor a snapshot grows with the log. What commits meanwhile may be there, but
  /// of each session only with all that is before it.
  ///
  /// - Returns: how many entries were visited.
  @discardableResult
  package func export(session: String?, _ visit: (StoredEvent) throws -> Bool) throws(OrchError) -> Int {
    try mappingErrors { try visitAll(ofSession: session, visit) }
  }

  private func visitAll(ofSession session: String?, _ visit: (StoredEvent) throws -> Bool) throws -> Int {
    var query = EventQuery(.oldestFirst)
    if let session { query.session = try store.read { $0.reference(to: try self.session(session, in: $0)) } }
    var cursor: Int?
    var count = 0
    while true {
      var isLast = false
      let page = try store.read { reader in
        // Beyond what is settled, others may still get entries before those that are seen: so the end is read at once.
        let settled = try reader.stablePosition()
        var page = try reader.events(query, beyond: cursor, limit: Self.exportPage)
        isLast = page.count < Self.exportPage || (page.last?.position ?? 0) > settled
        guard isLast, page.count == Self.exportPage else { return page }
        try reader.forEachEvent(query, beyond: page.last?.position) {
          page.append($0)
          return true
        }
        return page
      }
      for recorded in page {
        count += 1
        guard try visit(recorded) else { return count }
      }
      guard !isLast, let last = page.last else { return count }
      cursor = last.position
    }
  }

  private static let exportPage = 512
}

/// A file that an export wrote.
package struct Exported: Sendable {
  package var file: String
  package var events: Int

  package init(file: String, events: Int) {
    self.file = file
    self.events = events
  }
}
