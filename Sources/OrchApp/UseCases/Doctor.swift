import OrchCore
package import OrchStore

extension App {
  /// What the log and the lease files show of an installation's health.
  package func doctor() throws(OrchError) -> [Finding] {
    try read { reader in
      var findings: [Finding] = []
      if let last = try reader.events(EventQuery(.newestFirst), beyond: nil, limit: 1).first {
        let ahead = try (last.entry().event.at - reader.now) / 1000
        if ahead > 60 {
          findings.append(
            Finding(
              code: "clock",
              message: "the last event is \(DurationFormat.format(seconds: Int(ahead))) ahead of this clock",
              hint: "set this machine's clock, or that of the machine that wrote it"))
        }
      }
      let dead = try leaseFiles.all().filter { file in
        file.logID == reader.logID && file.writtenAt / 1_000_000 < reader.now.milliseconds - 86_400_000
      }.filter { try activeLease(of: $0.token, $0, in: reader) == nil }
      if !dead.isEmpty {
        findings.append(
          Finding(
            code: "lease-files",
            message: "\(dead.count) lease file\(dead.count == 1 ? " is" : "s are") older than a day and not live",
            hint: "harmless; the next claim of the same agent in the same place removes its own"))
      }
      let stale = try reader.expiredSessions(matching: nil, limit: 1000)
      if !stale.isEmpty {
        findings.append(
          Finding(code: "stale", message: "\(stale.count) sessions are stale", hint: "orch recover"))
      }
      return findings
    }
  }
}
