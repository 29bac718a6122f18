package import OrchCore

/// Which projects a query is about.
package enum ProjectScope: Hashable, Sendable {
  case all
  /// Tasks of this project and tasks of none; nil: of none alone.
  case current(String?)
  /// Tasks of this project alone.
  case only(String)
}

/// What a claimer would take.
package struct ClaimQuery: Hashable, Sendable {
  package var agent: String
  /// Empty: any.
  package var kinds: [String]
  package var projects: ProjectScope
  package var session: String?

  package init(agent: String, kinds: [String] = [], projects: ProjectScope = .all, session: String? = nil) {
    self.agent = agent
    self.kinds = kinds
    self.projects = projects
    self.session = session
  }
}

/// Why a query finds nothing to claim: the queued tasks that match its kinds, projects and session.
package struct ClaimDiagnosis: Hashable, Sendable {
  /// In sessions that are held, or reserved for somebody else.
  package var held = 0
  package var blocked = 0
  package var scheduled = 0
  /// Assigned to somebody else, or waiting for the claimer's own review.
  package var assigned = 0
  /// When the first scheduled one becomes ready.
  package var nextReadyAt: Instant?

  package init() {}
}

/// Which tasks to list, in claim order: priority, ready time, insertion.
package struct TaskQuery: Hashable, Sendable {
  package var state: VisibleState?
  package var kind: String?
  package var session: String?
  package var projects: ProjectScope = .all
  package var assignee: String?
  package var key: String?

  package init() {}
}

/// Where a page of tasks ended.
package struct TaskCursor: Hashable, Sendable {
  package var priority: Int
  package var readyAt: Instant
  package var ordinal: Int

  package init(_ task: Task) {
    priority = task.priority
    readyAt = task.readyAt
    ordinal = task.ordinal
  }
}

/// Which entries to read.
package struct EventQuery: Hashable, Sendable {
  package enum Order: Hashable, Sendable {
    case oldestFirst, newestFirst
  }

  /// A hint by which an engine may skip entries: it may return others too, and the reader filters for itself.
  package enum Facet: Hashable, Sendable {
    case actor(String), author(String), reviewer(String), source(String), type(EventType)
    /// Written where the work tree stood at this commit, or about it; 40 hexadecimal digits.
    case commit(String)
    /// Links this commit, or says what became of it; 40 hexadecimal digits.
    case link(String)
  }

  package var order: Order
  package var session: String?
  package var task: String?
  package var facet: Facet?
  /// A hint by which an engine may pass over entries of these types: it may return them all the same.
  package var omitted: [EventType]

  package init(
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
package struct ActorSighting: Hashable, Sendable {
  package var name: String
  package var firstSeenAt: Instant
  package var lastSeenAt: Instant

  package init(name: String, firstSeenAt: Instant, lastSeenAt: Instant) {
    self.name = name
    self.firstSeenAt = firstSeenAt
    self.lastSeenAt = lastSeenAt
  }
}

extension EventQuery.Facet {
  /// The number of a kind of facet in an engine's index.
  package var number: Int64 {
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

  package var value: String {
    switch self {
    case .actor(let name), .author(let name), .reviewer(let name), .source(let name), .commit(let name),
      .link(let name):
      name
    case .type(let type): type.rawValue
    }
  }

  /// What the canonical text of an entry with this facet contains. Others may contain it too.
  package var fragment: String {
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
