import OrchCore
package import OrchStore

/// What must hold after every transaction, told from the log and from the rows apart.
///
/// Reads only the entries that were appended since it looked last.
package struct Invariants {
  private var position = 0
  private var count = 0
  private var streams: [String: Stream] = [:]
  private var attempts: [String: AttemptLedger] = [:]
  package private(set) var problems: [String] = []

  package init() {}

  /// A session as its entries tell it.
  private struct Stream {
    var replay: Replay
    var seq = 0
    var head: EventID?
    var at: Instant?
    var fence = 0
    /// The fence of the live lease.
    var live: Int?
  }

  /// A task's attempts as its entries tell them.
  private struct AttemptLedger {
    var number = 0
    var ended = true
    var holders: Set<String> = []
  }

  /// Looks at what is new in the log and at all rows.
  package mutating func check(_ store: any Store) throws {
    try store.read { reader in
      var page = try reader.events(EventQuery(.oldestFirst), beyond: position == 0 ? nil : position, limit: 50)
      while !page.isEmpty {
        for recorded in page { try follow(recorded) }
        page = try reader.events(EventQuery(.oldestFirst), beyond: position, limit: 50)
      }
      try checkRows(reader)
    }
  }

  private mutating func expect(_ holds: Bool, _ problem: @autoclosure () -> String) {
    if !holds { problems.append(problem()) }
  }

  private mutating func follow(_ recorded: StoredEvent) throws {
    let entry = try recorded.entry()
    let event = entry.event
    let name = "#\(recorded.position) \(event.type.rawValue) \(event.task ?? "-")"
    var stream = streams[entry.session] ?? Stream(replay: Replay(session: entry.session, logID: entry.logID))
    let last = position
    expect(recorded.position > last, "\(name): position after \(last)")
    expect(entry.seq == stream.seq + 1, "\(name): number \(entry.seq) after \(stream.seq)")
    expect(entry.parent == stream.head, "\(name): its parent is not the entry before it")
    expect(stream.at.map { event.at >= $0 } ?? true, "\(name): before its parent in time")
    expect(recorded.id == SHA256.digest(of: recorded.bytes), "\(name): its name is not its hash")
    position = recorded.position
    count += 1
    stream.seq = entry.seq
    stream.head = recorded.id
    stream.at = event.at
    followLease(event, &stream, name)
    followAttempt(event, name)
    try stream.replay.apply(entry, id: recorded.id)
    streams[entry.session] = stream
  }

  private mutating func followLease(_ event: Event, _ stream: inout Stream, _ name: String) {
    guard let fence = event.fence else { return }
    switch event.type {
    case .taskClaimed, .leaseResumed:
      expect(fence == stream.fence + 1, "\(name): fence \(fence) after \(stream.fence)")
      expect(event.type == .leaseResumed || stream.live == nil, "\(name): granted while \(stream.live ?? 0) is held")
      stream.fence = fence
      stream.live = fence
    case .taskDead:
      expect(fence == stream.fence, "\(name): under fence \(fence), not \(stream.fence)")
    default:
      expect(stream.live == fence, "\(name): written under fence \(fence), held is \(stream.live ?? 0)")
      if event.type.attemptEnd != nil { stream.live = nil }
    }
  }

  private mutating func followAttempt(_ event: Event, _ name: String) {
    guard let task = event.task else { return }
    var ledger = attempts[task] ?? AttemptLedger()
    switch event.type {
    case .taskClaimed:
      expect(ledger.ended, "\(name): attempt \(ledger.number) had not ended")
      expect(event.data.int(.attempt) == ledger.number + 1, "\(name): numbering after \(ledger.number)")
      ledger.number += 1
      ledger.ended = false
      if let agent = event.roles.actor { ledger.holders.insert(agent) }
    case .leaseResumed:
      expect(!ledger.ended && event.data.int(.attempt) == ledger.number, "\(name): not of the running attempt")
    case .reviewApproved, .reviewRejected:
      expect(event.roles.reviewer.map { !ledger.holders.contains($0) } ?? false, "\(name): by who held it")
    default:
      if event.type.attemptEnd != nil, event.fence != nil {
        expect(!ledger.ended, "\(name): a second outcome of attempt \(ledger.number)")
        ledger.ended = true
      }
    }
    attempts[task] = ledger
  }

  private mutating func checkRows(_ reader: any StoreReader) throws {
    let tasks = try reader.tasks(TaskQuery(), after: nil, limit: .max)
    let sessions = try reader.sessionIDs(after: nil, limit: .max)
    expect(Set(sessions) == Set(streams.keys), "the sessions are not those of the log")
    expect(try reader.eventCount() == count, "the count is not the log's length")
    for id in sessions {
      guard let session = try reader.session(id), let stream = streams[id] else { continue }
      let differing = session.differences(fromReplay: stream.replay.session)
      expect(differing.isEmpty, "\(id): replay gives another row: \(differing)")
      expect(session.fence == stream.fence && session.lease?.fence == stream.live, "\(id): fence is not the log's")
      let own = tasks.filter { $0.session == id }
      expect(
        own.filter { $0.state == .running }.map(\.id) == [session.lease?.task].compactMap { $0 },
        "\(id): running without a lease, or the reverse")
      expect(
        own.filter { $0.state == .offered }.map(\.id) == [session.offer?.task].compactMap { $0 },
        "\(id): offered without a reservation, or the reverse")
      expect(
        session.recovered.map { task in own.contains { $0.id == task && $0.state == .queued } } ?? true,
        "\(id): recovered is not queued")
      expect(Set(own.map(\.id)) == Set(stream.replay.tasks.keys), "\(id): replay gives other tasks")
      for task in own {
        let differing = stream.replay.tasks[task.id].map { task.differences(fromReplay: $0) } ?? []
        expect(differing.isEmpty, "\(task.id): replay gives another row: \(differing)")
      }
      for grant in stream.replay.grants.values {
        expect(try reader.grant(grant.tokenHash) == grant, "\(id): the grant of fence \(grant.fence) is not the log's")
        let isLive = session.lease?.tokenHash == grant.tokenHash
        expect(
          try reader.session(holding: grant.tokenHash) == (isLive ? session : nil),
          "\(id): \(grant.fence) leads elsewhere")
      }
    }
    let done = Set(tasks.filter { $0.state == .done }.map(\.id))
    for task in tasks {
      expect(
        task.openBlockers == Set(task.after).subtracting(done).count,
        "\(task.id): \(task.openBlockers) blockers of \(task.after)")
      expect(
        !(task.state.isOpen || task.state == .done) || task.failures < task.maxAttempts,
        "\(task.id): \(task.failures) failures, not dead")
      expect((task.offer != nil) == (task.state == .offered), "\(task.id): an offer in \(task.state)")
    }
    let keys = tasks.filter(\.state.isOpen).compactMap(\.key)
    expect(Set(keys).count == keys.count, "an open key twice")
  }
}
