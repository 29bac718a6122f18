import OrchCore
import OrchStore

// Who acted, from the skip index and the ends of the log that it points to.

extension SQLiteTransaction {
  func actors() throws -> [ActorSighting] {
    var sightings: [ActorSighting] = []
    var name = ""
    while let next = try nextActor(after: name) {
      name = next
      let facet = EventQuery.Facet.actor(name)
      guard let first = try sighting(of: facet, .oldestFirst), let last = try sighting(of: facet, .newestFirst) else {
        throw SQLiteFailure.corrupt(.damageActorEvents)
      }
      // Sessions keep their own order of time.
      sightings.append(ActorSighting(name: name, firstSeenAt: min(first, last), lastSeenAt: max(first, last)))
    }
    return sightings
  }

  private func nextActor(after name: String) throws(SQLiteFailure) -> String? {
    let select = try statement(Self.selectNextActor)
    select.bind(1, name)
    return try select.first { $0.text(0) }
  }

  /// When the first, or the last, event with a facet happened.
  private func sighting(of facet: EventQuery.Facet, _ order: EventQuery.Order) throws -> Instant? {
    var query = EventQuery(order)
    query.facet = facet
    var cursor: Int?
    while let recorded = try events(query, beyond: cursor, limit: 1).first {
      let event = try recorded.entry().event
      if event.roles.actor == facet.value { return event.at }
      cursor = recorded.position
    }
    return nil
  }

  func hasActor(_ name: String) throws -> Bool { try block(with: .actor(name), .oldestFirst, from: 0) != nil }

  func agents() throws -> [AgentDescription] {
    var agents: [AgentDescription] = []
    try statement(Self.selectAgents).query { row in
      agents.append(AgentDescription(name: row.text(0), display: row.optionalText(1), role: row.optionalText(2)))
    }
    return agents
  }

  static let selectNextActor: SQL = """
    SELECT value FROM event_block WHERE facet = 1 AND value > ?1 ORDER BY value LIMIT 1
    """
  private static let selectAgents: SQL = "SELECT name, display, role FROM agent ORDER BY name"
}
