package import OrchCore

extension EventQuery {
  /// A value that engines index events by. As part of a query it is a hint: an engine may return other events too, and
  /// the reader filters for itself.
  package struct Facet: Hashable, Sendable {
    package let kind: Kind
    package let value: String

    package init(kind: Kind, value: String) {
      self.kind = kind
      self.value = value
    }

    package enum Kind: Int64, CaseIterable, Sendable {
      // The numbers are stored in the index.
      case actor = 1
      case author = 2
      case reviewer = 3
      case source = 4
      case type = 5
      /// The commit that the work tree stood at, or that the event is about; 40 hexadecimal digits.
      case commit = 6
      /// The commit that the event links, or says what became of; 40 hexadecimal digits. There are few events of one, so
      /// the index has the position of each, where it has a block of positions for the other kinds.
      case link = 7
    }

    package static func actor(_ name: String) -> Facet { Facet(kind: .actor, value: name) }
    package static func author(_ name: String) -> Facet { Facet(kind: .author, value: name) }
    package static func reviewer(_ name: String) -> Facet { Facet(kind: .reviewer, value: name) }
    package static func source(_ name: String) -> Facet { Facet(kind: .source, value: name) }
    package static func type(_ type: EventType) -> Facet { Facet(kind: .type, value: type.rawValue) }
    package static func commit(_ oid: String) -> Facet { Facet(kind: .commit, value: oid) }
    package static func link(_ oid: String) -> Facet { Facet(kind: .link, value: oid) }
  }
}

extension Event {
  /// Calls `body` with each facet of the event.
  package func forEachFacet<Failure>(
    _ body: (EventQuery.Facet.Kind, String) throws(Failure) -> Void
  ) throws(Failure) {
    if let actor = roles.actor { try body(.actor, actor) }
    if let author = roles.author { try body(.author, author) }
    if let reviewer = roles.reviewer { try body(.reviewer, reviewer) }
    if let source = roles.source { try body(.source, source) }
    try body(.type, type.rawValue)
    for oid in commits { try body(.commit, oid) }
    for oid in linkedCommits { try body(.link, oid) }
  }
}

extension EventQuery.Facet {
  /// What the canonical bytes of every event with this facet contain; those of others may, too.
  package var fragment: String {
    switch kind {
    case .actor: LogEntry.fragment(key: "actor", value)
    case .author: LogEntry.fragment(key: "author", value)
    case .reviewer: LogEntry.fragment(key: "reviewer", value)
    case .source: LogEntry.fragment(key: "source", value)
    case .type: LogEntry.fragment(key: "type", value)
    // Under several keys.
    case .commit, .link: LogEntry.fragment(value)
    }
  }
}
