import OrchCore
import OrchStore

/// What an import came to.
package struct Imported: Sendable {
  /// Loaded.
  package var events = 0
  /// There already.
  package var skipped = 0
  /// Sessions that got any.
  package var sessions = 0
  /// Of those, the ones that are new here.
  package var created = 0
  /// Sessions of the file that are held now.
  package var held: [String] = []

  package init() {}
}

extension App {
  /// Loads events that `export` wrote, and goes on from there. What is there already is passed over.
  ///
  /// Everything is read and checked before the first transaction. All of a file is loaded, or nothing; of a file of more
  /// than `importRun` events, one such run after the other, in order: begun again, the import goes on.
  ///
  /// - Parameter progress: called now and then with the events read, or loaded, so far.
  package func importLog(
    _ lines: JSONLinesReader, progress: (_ checked: Int, _ loaded: Int) -> Void
  ) throws(OrchError) -> Imported {
    try mappingErrors { try loadLog(lines, progress) }
  }

  private func loadLog(_ lines: JSONLinesReader, _ progress: (_ checked: Int, _ loaded: Int) -> Void) throws -> Imported
  {
    var reader = StreamReader()
    while let line = try lines.next() {
      _ = try reader.take(line, at: .importLine(name: lines.name, number: lines.number))
      if reader.count % 4096 == 0 { progress(reader.count, 0) }
    }
    let ends = reader.streams
    var result = Imported()
    var sessions: Set<Stream> = []
    var start = 0
    while start < reader.count {
      let loaded = try store.write { writer in
        var loader = EventImporter(writer, ends: ends)
        try load(lines, from: start, into: &loader, writer) { progress(reader.count, start + $0) }
        return loader.result
      }
      result.events += loaded.events
      result.skipped += loaded.skipped
      sessions.formUnion(loaded.sessions)
      result.created += loaded.created.count
      start += Self.importRun
    }
    result.sessions = sessions.count
    result.held = try store.read { reader in
      try reader.heldSessions(limit: .max).filter { ends[Stream(logID: $0.logID, session: $0.id)] != nil }
        .map { try reader.named($0) }.map { $0.alias ?? $0.id }
    }
    return result
  }

  /// How many events one transaction loads at most.
  static let importRun = 500_000

  /// Loads a run of the lines, which were checked, and which are checked again: it may be another file by now.
  private func load(
    _ lines: JSONLinesReader, from start: Int, into loader: inout EventImporter, _ writer: any StoreWriter,
    _ progress: (Int) -> Void
  ) throws {
    lines.rewind()
    for _ in 0..<start { _ = try lines.next() }
    var count = 0
    var page: [(recorded: StoredEvent, entry: LogEntry)] = []
    while count < Self.importRun {
      page.removeAll(keepingCapacity: true)
      while page.count < Self.importPage, count + page.count < Self.importRun, let line = try lines.next() {
        do { page.append(try StreamReader.read(line)) } catch {
          throw OrchError.invalid(.errorChangedMeanwhile(lines: lines.name))
        }
      }
      guard !page.isEmpty else { break }
      try loader.load(page, in: writer)
      count += page.count
      progress(count)
    }
    try loader.finish()
  }

  private static let importPage = 1024
}

extension EventImporter {
  /// Appends a page, whose rows are asked for together.
  mutating func load(_ page: [(recorded: StoredEvent, entry: LogEntry)], in writer: any StoreWriter) throws {
    var rows: Set<ReadRequest> = []
    for (_, entry) in page {
      rows.insert(.session(entry.session))
      if let task = entry.event.task { rows.insert(.task(task)) }
    }
    try writer.prefetch(Array(rows))
    for (recorded, entry) in page { try load(recorded, entry) }
  }
}
