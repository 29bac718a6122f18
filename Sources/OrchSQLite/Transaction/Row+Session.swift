import OrchCore
import OrchStore

extension Row {
  /// Reads `SELECT * FROM session`.
  func sessionEntry() throws(SQLiteFailure) -> SessionEntry {
    var session = Session(id: text(1), logID: text(2))
    session.seq = count(3)
    session.head = isNull(4) ? nil : try digest(4)
    session.at = instant(5)
    session.fence = count(7)
    session.lease = isNull(17) ? nil : try lease()
    if !isNull(22) {
      session.offer = Session.Reservation(task: text(20), to: text(21), expiresAt: instant(22))
    }
    session.recovered = optionalText(23)
    session.checkpointSeq = optionalCount(24)
    session.noteSeq = optionalCount(25)
    guard let tops = withText(26, { QueueHead.list($0) }) else {
      throw .corrupt("the first tasks of the session \(session.id) do not read")
    }
    let tally = StateCounts(
      queued: int(27), running: int(28), review: int(29), offered: int(30), done: int(31), dead: int(32),
      cancelled: int(33))
    return SessionEntry(number: int(0), session: session, lastEvent: optionalInt(6), tops: tops, tally: tally)
  }

  private func lease() throws(SQLiteFailure) -> Lease {
    Lease(
      task: text(8), attempt: count(9), agent: text(10), instance: optionalText(11), host: text(12), fence: count(13),
      tokenHash: try digest(14), acquiredAt: instant(15), heartbeatAt: instant(16), expiresAt: instant(17),
      ttlSeconds: count(18), noticedSeq: count(19))
  }
}

extension Statement {
  /// Binds a session to `?1` (its number), `?2` (the number of its last event before) and `?3` to `?33`.
  func bind(_ entry: SessionEntry, before seq: Int) {
    let session = entry.session
    bind(1, entry.number)
    bind(2, seq)
    bind(3, session.seq)
    bind(4, session.head)
    bind(5, session.at.milliseconds)
    bind(6, entry.lastEvent)
    bind(7, session.fence)
    bind(session.lease)
    bind(20, session.offer?.task)
    bind(21, session.offer?.to)
    bind(22, session.offer?.expiresAt.milliseconds)
    bind(23, session.recovered)
    bind(24, session.checkpointSeq)
    bind(25, session.noteSeq)
    bind(26, entry.tops)
    bind(27, entry.tally.queued)
    bind(28, entry.tally.running)
    bind(29, entry.tally.review)
    bind(30, entry.tally.offered)
    bind(31, entry.tally.done)
    bind(32, entry.tally.dead)
    bind(33, entry.tally.cancelled)
  }

  /// Binds `bucket,priority,ready_at,ordinal;…`, or NULL for none.
  func bind(_ index: Int32, _ tops: [QueueHead]) {
    guard !tops.isEmpty else { return bindNull(index) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: tops.count * QueueHead.longest) { buffer in
      let count = QueueHead.write(tops, into: buffer)
      bind(index, utf8: UnsafeBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private func bind(_ lease: Lease?) {
    guard let lease else {
      for index: Int32 in 8...19 { bindNull(index) }
      return
    }
    bind(8, lease.task)
    bind(9, lease.attempt)
    bind(10, lease.agent)
    bind(11, lease.instance)
    bind(12, lease.host)
    bind(13, lease.fence)
    bind(14, lease.tokenHash)
    bind(15, lease.acquiredAt.milliseconds)
    bind(16, lease.heartbeatAt.milliseconds)
    bind(17, lease.expiresAt.milliseconds)
    bind(18, lease.ttlSeconds)
    bind(19, lease.noticedSeq)
  }

  func bind(_ index: Int32, _ digest: Digest) {
    withUnsafeBytes(of: digest.memory) { bind(index, $0) }
  }

  func bind(_ index: Int32, _ digest: Digest?) {
    if let digest { bind(index, digest) } else { bindNull(index) }
  }
}
