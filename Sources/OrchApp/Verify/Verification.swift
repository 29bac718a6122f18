package import OrchCore
import OrchStore
import OrchSystem

/// What a verification found.
package struct Verification: Sendable {
  package struct Finding: Hashable, Sendable {
    package var session: String?
    package var seq: Int?
    package var event: String?
    package var problem: Message
  }

  package var events = 0
  package var sessions = 0
  /// `N-HEX`: SHA-256 over the raw ids of the first N events in append order.
  package var head = ""
  /// Places outside the database that hold a head of the log.
  package var anchors: [Message] = []
  package var findings: [Finding] = []
  package var isSound: Bool { findings.isEmpty }
}

/// A head that the log is expected to contain.
package enum ExpectedHead: Hashable, Sendable {
  case prefix(count: Int, digest: Digest)
  case event(String)

  /// Reads `N-HEX`, or an event id or a prefix of one.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 2, let count = Int(parts[0]), count >= 0, let digest = Digest(hex: parts[1]) {
      self = .prefix(count: count, digest: digest)
    } else if (4...64).contains(text.utf8.count), text.allSatisfy({ $0.isHexDigit && $0.isASCII }) {
      self = .event(text.lowercased())
    } else {
      return nil
    }
  }
}

extension App {
  /// Checks every hash, number and parent, replays the log against the state tables, and asks the engine.
  ///
  /// - Parameters:
  ///   - session: check this session alone; the head and the engine's check are of the whole log all the same.
  ///   - expected: heads that were kept elsewhere.
  ///   - progress: called now and then with the events checked so far.
  package func verify(
    session only: String?, expected: [ExpectedHead], progress: (Int) -> Void = { _ in }
  ) throws(OrchError) -> Verification {
    try mappingErrors { try verified(only, expected, progress) }
  }

  private func verified(
    _ only: String?, _ expected: [ExpectedHead], _ progress: (Int) -> Void
  ) throws -> Verification {
    var result = Verification()
    do {
      try waitForStablePosition()
      for problem in try store.integrityProblems() { result.findings.append(.init(problem: problem)) }
      try store.read { reader in
        if let only { _ = try self.session(only, in: reader) }
        try checkOrder(expected, &result, in: reader, progress)
        var checked = result
        try checkSessions(only, &checked, in: reader, progress)
        result = checked
      }
      try checkAnchors(&result, progress)
    } catch StoreError.corrupt(let why) {
      try checkSeparately(only, &result)
      if !result.findings.contains(where: { $0.problem == why }) { result.findings.append(.init(problem: why)) }
    }
    return result
  }

  /// Waits a moment, at most, for transactions that could still add something before what is there: so that the head is
  /// of all of it.
  private func waitForStablePosition() throws {
    var target: Int?
    for _ in 0..<100 {
      let isSettled = try store.read { reader in
        let last = try target ?? reader.events(EventQuery(.newestFirst), beyond: nil, limit: 1).first?.position ?? 0
        target = last
        return try reader.stablePosition() >= last
      }
      if isSettled { return }
      pause(.milliseconds(20))
    }
  }

  /// Checks each session in a transaction of its own: what is damaged in one keeps no other from being checked.
  private func checkSeparately(_ only: String?, _ result: inout Verification) throws {
    func attempt(_ session: String?, _ body: () throws -> Void) throws {
      do {
        try body()
      } catch StoreError.corrupt(let why) {
        result.findings.append(.init(session: session, problem: why))
      }
    }
    var ids: [String] = []
    try attempt(nil) {
      ids = try store.read { reader in try only.map { [$0] } ?? reader.sessionIDs(after: nil, limit: .max) }
    }
    for id in ids {
      var findings: [Verification.Finding] = []
      try attempt(id) {
        findings = try store.read { reader in
          var check = SessionCheck(id: id, logID: reader.logID)
          _ = try check.run(in: reader)
          return check.findings
        }
      }
      result.findings += findings
      result.sessions += 1
    }
  }

  /// Walks the log in append order: positions, hashes and the head.
  private func checkOrder(
    _ expected: [ExpectedHead], _ result: inout Verification, in reader: any StoreReader, _ progress: (Int) -> Void
  ) throws {
    var hash = SHA256()
    var count = 0
    var findings: [Verification.Finding] = []
    let prefixes = expected.compactMap { if case .prefix(let count, let digest) = $0 { (count, digest) } else { nil } }
    var met = prefixes.filter { $0.0 == 0 && $0.1 == hash.digest }.map(\.0)
    var last = 0
    var events = 0
    // What others may still get before it is not part of the head.
    let settled = try reader.stablePosition()
    try reader.forEachEvent(EventQuery(.oldestFirst)) { recorded in
      if recorded.position <= last {
        findings.append(.init(problem: .verifyPositions(from: last, to: recorded.position)))
      }
      last = recorded.position
      events += 1
      guard last <= settled else { return true }
      hash.update(recorded.id.bytes)
      count += 1
      if prefixes.contains(where: { $0.0 == count && $0.1 == hash.digest }) { met.append(count) }
      if count % 4096 == 0 { progress(count) }
      return true
    }
    for (number, _) in prefixes where !met.contains(number) {
      findings.append(
        .init(
          problem: number > count
            ? .verifyCut(last: count, expected: number)
            : .verifyOtherEvents(number: number)))
    }
    for case .event(let id) in expected where try reader.events(idPrefix: id, limit: 1).isEmpty {
      findings.append(.init(event: id, problem: .verifyNoEvent))
    }
    result.events = events
    result.head = "\(count)-\(hash.digest.hex)"
    result.findings += findings
  }

  /// Replays every session against its rows.
  private func checkSessions(
    _ only: String?, _ result: inout Verification, in reader: any StoreReader, _ progress: (Int) -> Void
  ) throws {
    var seen = 0
    // Whether every session was understood: descriptions of agents may stand in one that was not.
    var isWhole = true
    var described: [String: (position: Int, description: AgentDescription)] = [:]
    func check(_ id: String) throws {
      var check = SessionCheck(id: id, logID: reader.logID)
      seen += try check.run(in: reader)
      result.findings += check.findings
      if let why = check.notCompared {
        warn(.verifyNotCompared(session: id, why: why))
        isWhole = false
      }
      described.merge(check.agents) { $0.position > $1.position ? $0 : $1 }
      result.sessions += 1
      if result.sessions % 256 == 0 { progress(result.events + seen) }
    }
    if let only { return try check(only) }
    var cursor: String?
    while true {
      let ids = try reader.sessionIDs(after: cursor, limit: 500)
      for id in ids { try check(id) }
      guard ids.count == 500 else { break }
      cursor = ids.last
    }
    let agents = isWhole ? try reader.agents() : []
    if !isWhole { described = [:] }
    let wrong = agents.filter { described[$0.name]?.description != $0 }.map(\.name)
    for name in (wrong + Set(described.keys).subtracting(agents.map(\.name))).sorted() {
      result.findings.append(
        .init(
          session: SessionCheck.agents,
          problem: described[name] == nil ? .verifyAgentMissing(agent: name) : .verifyAgentDiffers(agent: name)))
    }
    if seen != result.events {
      result.findings.append(.init(problem: .verifyEventCount(log: result.events, sessions: seen)))
    }
  }
}
