package import OrchCore
import OrchStore

/// An agent, as it described itself or as it was seen.
package struct Agent: Hashable, Sendable {
  package var name: String
  package var display: String?
  package var role: String?
  package var firstSeenAt: Instant?
  package var lastSeenAt: Instant?
}

extension App {
  /// The agents that were described or that acted; not people at a terminal, not the program itself.
  package func agents() throws -> [Agent] {
    try store.read { reader in
      var agents: [String: Agent] = [:]
      for agent in try reader.agents() {
        agents[agent.name] = Agent(name: agent.name, display: agent.display, role: agent.role)
      }
      for actor in try reader.actors() {
        guard agents[actor.name] != nil || (!["watchdog", "orch"].contains(actor.name) && !actor.name.contains("@"))
        else { continue }
        agents[actor.name, default: Agent(name: actor.name)].firstSeenAt = actor.firstSeenAt
        agents[actor.name]?.lastSeenAt = actor.lastSeenAt
      }
      return agents.values.sorted { $0.name < $1.name }
    }
  }

  /// Says how an agent is shown. What is nil keeps its value; an inner nil clears it.
  package func describe(_ name: String, display: String??, role: String?) throws -> Agent {
    try store.write { writer in
      try warnOfUnknown(name, writer)
      let old = try writer.agents().first { $0.name == name }
      let new = AgentDescription(name: name, display: display ?? old?.display, role: role ?? old?.role)
      let session = try writer.agentsSession() ?? Session(id: "agents", logID: writer.logID)
      let caller = caller(actor, at: writer.now)
      let event = Event(
        .agentDescribed, at: max(writer.now, session.at), task: nil,
        roles: Roles(
          actor: caller.actor, author: caller.actor, reviewer: nil, source: caller.source ?? caller.defaultSource),
        fence: nil, commit: caller.commit,
        data: [
          .display: new.display.map { .string($0) }, .name: .string(name), .role: new.role.map { .string($0) }
        ])
      if new != old {
        var change = SessionChange(session)
        try change.apply([event], to: nil)
        try writer.append(change)
      }
      let seen = try writer.actors().first { $0.name == name }
      return Agent(
        name: name, display: new.display, role: new.role, firstSeenAt: seen?.firstSeenAt, lastSeenAt: seen?.lastSeenAt)
    }
  }
}

extension StoreReader {
  /// The session in which agents are described from here: of this log, else the only one that was brought here.
  fileprivate func agentsSession() throws -> Session? {
    do {
      return try session(SessionCheck.agents)
    } catch StoreError.ambiguous {
      return nil
    }
  }
}
