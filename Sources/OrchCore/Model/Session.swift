/// The unit of continuity: a line of work, its event stream, its fence and, while somebody works, its lease.
public struct Session: Hashable, Sendable {
  public var id: String
  /// The database it was born in.
  public var log: String
  /// How it is called where its id alone is another's; nil where the id does. Of who shows it, not of the session.
  public var alias: String?
  /// The number of its last event; 0 before the first. Also the version that an append expects.
  public var seq: Int
  /// The name of its last event.
  public var head: EventID?
  /// When its last event happened.
  public var at: Instant
  /// Grows by one at every grant, never goes back.
  public var fence: Int
  public var lease: Lease?
  /// Reserves the session for the receiver of an offered task.
  public var offer: Reservation?
  /// The queued task that was recovered last: the first to be taken up again.
  public var recovered: String?
  /// The number of its last `checkpoint.saved`.
  public var checkpointSeq: Int?
  /// The number of its last `note.added`.
  public var noteSeq: Int?

  public struct Reservation: Hashable, Sendable {
    public var task: String
    public var to: String
    public var expiresAt: Instant

    public init(task: String, to: String, expiresAt: Instant) {
      self.task = task
      self.to = to
      self.expiresAt = expiresAt
    }
  }

  /// Its name, with its log where another one has the name.
  public var shownID: String { alias ?? id }

  /// A session before its first event.
  public init(id: String, log: String) {
    self.id = id
    self.log = log
    seq = 0
    head = nil
    at = Instant(milliseconds: .min)
    fence = 0
  }
}

/// The time-limited lock on a session.
public struct Lease: Hashable, Sendable {
  public var task: String
  public var attempt: Int
  public var agent: String
  public var instance: String?
  public var host: String
  /// The session's fence when the lease was granted.
  public var fence: Int
  public var tokenHash: TokenHash
  public var acquiredAt: Instant
  /// The holder's last sign of life.
  public var heartbeatAt: Instant
  public var expiresAt: Instant
  public var ttlSeconds: Int
  /// The number of the last note that the holder has been shown.
  public var noticedSeq: Int

  public init(
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
  public func isStale(at now: Instant) -> Bool { now >= expiresAt }

  /// The lease after a sign of life: the expiry is set, also to an earlier one.
  public func beaten(at now: Instant, ttlSeconds: Int?) -> Lease {
    var lease = self
    lease.ttlSeconds = ttlSeconds ?? lease.ttlSeconds
    lease.heartbeatAt = now
    lease.expiresAt = now.adding(seconds: lease.ttlSeconds)
    return lease
  }
}

/// What is known of every token that was ever granted.
public struct Grant: Hashable, Sendable {
  public var tokenHash: TokenHash
  public var session: String
  /// The log of the session.
  public var log: String
  public var task: String
  public var fence: Int

  public init(tokenHash: TokenHash, session: String, log: String, task: String, fence: Int) {
    self.tokenHash = tokenHash
    self.session = session
    self.log = log
    self.task = task
    self.fence = fence
  }
}
