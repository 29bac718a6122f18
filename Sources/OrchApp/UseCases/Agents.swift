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
  package func agents() throws(OrchError) -> [Agent] {
    try read { reader in
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
  package func describe(_ name: String, display: String??, role: String?) throws(OrchError) -> Agent {
    try write(.all(lookalike(of: name), agentsSession)) { loaded, writer in
      let (lookalike, session) = loaded
      warnOfUnknown(name, lookalike)
      let old = try writer.agents().first { $0.name == name }
      let new = AgentDescription(name: name, display: display ?? old?.display, role: role ?? old?.role)
      if new != old {
        let session = session ?? Session(id: SessionCheck.agents, logID: writer.logID)
        _ = try execute(
          .describe(agent: name, display: new.display, role: new.role), on: session, nil, by: actor, in: writer)
      }
      let seen = try writer.actors().first { $0.name == name }
      return Agent(
        name: name, display: new.display, role: new.role, firstSeenAt: seen?.firstSeenAt, lastSeenAt: seen?.lastSeenAt)
    }
  }

  /// The session in which agents are described from here: of this log, else the only one that was brought here.
  private var agentsSession: Read<Session?> {
    Read([.session(SessionCheck.agents)]) { reader in
      do {
        return try reader.session(SessionCheck.agents)
      } catch StoreError.ambiguous {
        return nil
      }
    }
  }
}
