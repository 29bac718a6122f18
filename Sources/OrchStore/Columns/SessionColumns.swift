package import OrchCore

// What is persisted of a session: each property is in a column here, or is named in `elsewhere`. A new property needs a
// line here, and a migration that adds the column.

extension Session: ColumnRecord {
  package static let blank = Session(id: "", logID: "")

  /// In the table of sessions of every engine.
  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("id", .fixed, &id)
    try pass.column("log", .fixed, &logID)
    try pass.column("seq", .hot, &seq)
    try pass.column("head", .hot, &head)
    try pass.column("at", .hot, &at)
    try pass.column("fence", .hot, &fence)
    try pass.part(&lease)
    try pass.part(&offer)
    try pass.column("recovered", .hot, &recovered)
    try pass.column("checkpoint_seq", .hot, &checkpointSeq)
    try pass.column("note_seq", .hot, &noteSeq)
    // Of a session that an older schema of the database wrote it is only known not to be less.
    try pass.column("needed_vocabulary", [.hot, .unreplayed], &neededVocabulary)
    try pass.column("read_vocabulary", .hot, &readVocabulary)
  }

  /// What is not stored.
  package static let elsewhere: Set<String> = ["alias"]

  /// The names of the columns in which a row differs from what replaying the log gives.
  package func differences(fromReplay replay: Session) -> [String] { differingColumns(fromReplay: replay) }
}

extension Lease: ColumnRecord {
  package static let blank = Lease(
    task: "", attempt: 0, agent: "", instance: nil, host: "", fence: 0, tokenHash: .zero,
    acquiredAt: Instant(milliseconds: 0), heartbeatAt: Instant(milliseconds: 0),
    expiresAt: Instant(milliseconds: 0), ttlSeconds: 0, noticedSeq: 0)

  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    // What a heartbeat sets is not in the log.
    let renewed: ColumnKind = [.hot, .renewal, .unreplayed]
    try pass.column("lease_expires_at", renewed, &expiresAt)
    try pass.column("lease_heartbeat_at", renewed, &heartbeatAt)
    try pass.column("lease_ttl", renewed, &ttlSeconds)
    try pass.column("lease_noticed_seq", renewed, &noticedSeq)
    try pass.column("lease_task", .hot, &task)
    try pass.column("lease_attempt", .hot, &attempt)
    try pass.column("lease_agent", .hot, &agent)
    try pass.column("lease_instance", .hot, &instance)
    try pass.column("lease_host", .hot, &host)
    try pass.column("lease_fence", .hot, &fence)
    try pass.column("lease_token", .hot, &tokenHash)
    try pass.column("lease_acquired_at", .hot, &acquiredAt)
  }
}

extension Session.Reservation: ColumnRecord {
  package static let blank = Session.Reservation(task: "", to: "", expiresAt: Instant(milliseconds: 0))

  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("offer_expires_at", .hot, &expiresAt)
    try pass.column("offer_task", .hot, &task)
    try pass.column("offer_to", .hot, &to)
  }
}

extension StateCounts: ColumnRecord {
  package static let blank = StateCounts()

  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("queued", .hot, &queued)
    try pass.column("running", .hot, &running)
    try pass.column("review", .hot, &review)
    try pass.column("offered", .hot, &offered)
    try pass.column("done", .hot, &done)
    try pass.column("dead", .hot, &dead)
    try pass.column("cancelled", .hot, &cancelled)
  }
}
