public import OrchCore

/// Which projects a query is about.
public enum ProjectScope: Hashable, Sendable {
  case all
  /// Tasks of this project and tasks of none; nil: of none alone.
  case current(String?)
  /// Tasks of this project alone.
  case only(String)
}

/// What a claimer would take.
public struct ClaimQuery: Hashable, Sendable {
  public var agent: String
  /// Empty: any.
  public var kinds: [String]
  public var projects: ProjectScope
  public var session: String?

  public init(agent: String, kinds: [String] = [], projects: ProjectScope = .all, session: String? = nil) {
    self.agent = agent
    self.kinds = kinds
    self.projects = projects
    self.session = session
  }
}

/// Why a query finds nothing to claim: the queued tasks that match its kinds, projects and session.
public struct ClaimObstacles: Hashable, Sendable {
  /// In sessions that are held, or reserved for somebody else.
  public var held = 0
  public var blocked = 0
  public var scheduled = 0
  /// Assigned to somebody else, or waiting for the claimer's own review.
  public var assigned = 0
  /// When the first scheduled one becomes ready.
  public var nextReadyAt: Instant?

  public init() {}
}

/// Which tasks to list, in claim order: priority, ready time, insertion.
public struct TaskQuery: Hashable, Sendable {
  public var state: VisibleState?
  public var kind: String?
  public var session: String?
  public var projects: ProjectScope = .all
  public var assignee: String?
  public var key: String?

  public init() {}
}

/// Where a page of tasks ended.
public struct TaskCursor: Hashable, Sendable {
  public var priority: Int
  public var readyAt: Instant
  public var ordinal: Int

  public init(_ task: Task) {
    priority = task.priority
    readyAt = task.readyAt
    ordinal = task.ordinal
  }
}

/// Which entries to read.
public struct EventQuery: Hashable, Sendable {
  public enum Order: Hashable, Sendable {
    case oldestFirst, newestFirst
  }

  /// A hint by which an engine may skip entries: it may return others too, and the reader filters for itself.
  public enum Facet: Hashable, Sendable {
    case actor(String), author(String), reviewer(String), source(String), type(EventType)
    /// Written where the work tree stood at this commit, or about it; 40 hexadecimal digits.
    case commit(String)
    /// Links this commit, or says what became of it; 40 hexadecimal digits.
    case link(String)
  }

  public var order: Order
  public var session: String?
  public var task: String?
  public var facet: Facet?
  /// A hint by which an engine may pass over entries of these types: it may return them all the same.
  public var omitted: [EventType]

  public init(
    _ order: Order, session: String? = nil, task: String? = nil, facet: Facet? = nil, omitting omitted: [EventType] = []
  ) {
    self.omitted = omitted
    self.order = order
    self.session = session
    self.task = task
    self.facet = facet
  }
}

/// An actor of the log and when it was seen.
public struct ActorSighting: Hashable, Sendable {
  public var name: String
  public var firstSeenAt: Instant
  public var lastSeenAt: Instant

  public init(name: String, firstSeenAt: Instant, lastSeenAt: Instant) {
    self.name = name
    self.firstSeenAt = firstSeenAt
    self.lastSeenAt = lastSeenAt
  }
}

extension EventQuery.Facet {
  /// The number of a kind of facet in an engine's index.
  public var number: Int64 {
    switch self {
    case .actor: 1
    case .author: 2
    case .reviewer: 3
    case .source: 4
    case .type: 5
    case .commit: 6
    case .link: 7
    }
  }

  public var value: String {
    switch self {
    case .actor(let name), .author(let name), .reviewer(let name), .source(let name), .commit(let name),
      .link(let name):
      name
    case .type(let type): type.rawValue
    }
  }

  /// What the canonical text of an entry with this facet contains. Others may contain it too.
  public var fragment: String {
    let key: String? =
      switch self {
      case .actor: "actor"
      case .author: "author"
      case .reviewer: "reviewer"
      case .source: "source"
      case .type: "type"
      // Under several keys.
      case .commit, .link: nil
      }
    var bytes = key.map { Array("\"\($0)\":".utf8) } ?? []
    JSON.string(value).writeCanonical(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
