/// The unit of continuity: a line of work, its event stream, its fence and, while somebody works, its lease.
package struct Session: Hashable, Sendable {
  package var id: String
  /// The database it was born in.
  package var logID: String
  /// The name to show where another log has a session of the same id; nil where the id is enough. It depends on the
  /// database, and is not stored.
  package var alias: String?
  /// The number of its last event; 0 before the first. Also the version that an append expects.
  package var seq: Int
  /// The id of its last event.
  package var head: EventID?
  /// When its last event happened.
  package var at: Instant
  /// Grows by one at every grant, never goes back.
  package var fence: Int
  package var lease: Lease?
  /// Reserves the session for the receiver of an offered task.
  package var offer: Reservation?
  /// The queued task that was recovered last: the first to be taken up again.
  package var recovered: String?
  /// The number of its last `checkpoint.saved`.
  package var checkpointSeq: Int?
  /// The number of its last `note.added`.
  package var noteSeq: Int?
  /// The highest vocabulary number of its events (see `EventVocabulary`): a program with a lower one makes no decision
  /// about it. 0 before the first event.
  package var neededVocabulary = 0
  /// Nil when its rows follow from all of its events. Else they were written by an import that passed something over, and
  /// this is the vocabulary number of the program that did: one with a higher number replays the log first.
  package var readVocabulary: Int?

  package struct Reservation: Hashable, Sendable {
    package var task: String
    package var to: String
    package var expiresAt: Instant

    package init(task: String, to: String, expiresAt: Instant) {
      self.task = task
      self.to = to
      self.expiresAt = expiresAt
    }
  }

  /// Its name, with its log where another one has the name.
  package var shownID: String { alias ?? id }

  /// Whether its rows end at an event before the last one, which the program that wrote them did not understand.
  package var isBehind: Bool { readVocabulary.map { neededVocabulary > $0 } ?? false }

  /// Whether this program understands all that its state follows from.
  package var isUnderstood: Bool { neededVocabulary <= EventVocabulary.current && !isBehind }

  /// Whether this program may decide about it: it understands all of it, and no program that understood less wrote its
  /// rows.
  package var isUpToDate: Bool { isUnderstood && (readVocabulary ?? .max) >= EventVocabulary.current }

  /// A session before its first event.
  package init(id: String, logID: String) {
    self.id = id
    self.logID = logID
    seq = 0
    head = nil
    at = Instant(milliseconds: .min)
    fence = 0
  }
}

/// The time-limited lock on a session.
package struct Lease: Hashable, Sendable {
  package var task: String
  package var attempt: Int
  package var agent: String
  package var instance: String?
  package var host: String
  /// The session's fence when the lease was granted.
  package var fence: Int
  package var tokenHash: TokenHash
  package var acquiredAt: Instant
  /// The holder's last sign of life.
  package var heartbeatAt: Instant
  package var expiresAt: Instant
  package var ttlSeconds: Int
  /// The number of the last note that the holder has been shown.
  package var noticedSeq: Int

  package init(
    task: String, attempt: Int, agent: String, instance: String?, host: String, fence: Int, tokenHash: TokenHash,
    acquiredAt: Instant, heartbeatAt: Instant, expiresAt: Instant, ttlSeconds: Int, noticedSeq: Int
  ) {
    self.task = task
    self.attempt = attempt
    self.agent = agent
    self.instance = instance
    self.host = host
    self.fence = fence
    self.tokenHash = tokenHash
    self.acquiredAt = acquiredAt
    self.heartbeatAt = heartbeatAt
    self.expiresAt = expiresAt
    self.ttlSeconds = ttlSeconds
    self.noticedSeq = noticedSeq
  }

  /// No sign of life for a whole time to live. A stale lease is lost only when somebody takes it.
  package func isStale(at now: Instant) -> Bool { now >= expiresAt }

  /// The lease after a sign of life: the expiry is set, also to an earlier one.
  package func renewed(at now: Instant, ttlSeconds: Int?) -> Lease {
    var lease = self
    lease.ttlSeconds = ttlSeconds ?? lease.ttlSeconds
    lease.heartbeatAt = now
    lease.expiresAt = now.adding(seconds: lease.ttlSeconds)
    return lease
  }
}

/// What is known of every token that was ever granted.
package struct Grant: Hashable, Sendable {
  package var tokenHash: TokenHash
  package var session: String
  /// The log of the session.
  package var logID: String
  package var task: String
  package var fence: Int

  package init(tokenHash: TokenHash, session: String, logID: String, task: String, fence: Int) {
    self.tokenHash = tokenHash
    self.session = session
    self.logID = logID
    self.task = task
    self.fence = fence
  }
}
