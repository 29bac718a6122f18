import OrchCore
import OrchGit
import OrchStore

extension App {
  /// Compares the heads of the log that commits of this repository hold with the log: what stands in a commit cannot be
  /// cut off unnoticed.
  ///
  /// Without a repository there is nothing to compare with.
  func checkAnchors(_ result: inout Verification, _ progress: (Int) -> Void) throws {
    guard let repository = surroundings.repository else { return }
    let logID = try store.read { $0.logID }.lowercased()
    var anchored = 0
    var newest: (position: Int, commit: ObjectName, event: EventID, entry: LogEntry)?
    var known: [String: StoredEvent?] = [:]
    var count = 0
    var findings: [Verification.Finding] = []
    try repository.walkCommits(from: try repository.scannedTips()) { commit in
      count += 1
      if count % 4096 == 0 { progress(count) }
      guard let found = FoundCommit(commit) else { return true }
      let name = found.name
      for trailer in found.trailers.tasks {
        guard let event = trailer.event, event.logID == logID else { continue }
        let recorded: StoredEvent?
        if let seen = known[event.id] {
          recorded = seen
        } else {
          let all = try store.read { try $0.events(idPrefix: event.id, limit: 2) }
          recorded = all.count == 1 ? all[0] : nil
          if known.count > 65536 { known = [:] }
          known[event.id] = .some(recorded)
        }
        guard let recorded else {
          findings.append(
            .init(
              event: event.id,
              problem:
                .verifyNotInLog(commit: name.short)
            ))
          continue
        }
        anchored += 1
        if recorded.position > newest?.position ?? 0 {
          newest = (recorded.position, name, recorded.id, try recorded.entry())
        }
      }
      return true
    }
    result.findings += findings
    if let newest {
      var later = 0
      try store.read { reader in
        later = 0
        try reader.forEachEvent(EventQuery(.oldestFirst), beyond: newest.position) { _ in
          later += 1
          return true
        }
      }
      result.anchors.append(
        .verifyGitAnchor(
          commit: newest.commit.hex, event: newest.event.hex, session: newest.entry.session, seq: newest.entry.seq,
          position: max(0, result.events - later), events: result.events, all: anchored))
    }
  }
}
