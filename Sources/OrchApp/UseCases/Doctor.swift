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
              message: .findingClock(span: DurationFormat.format(seconds: Int(ahead))),
              hint: .text(.hintClock)))
        }
      }
      let dead = try leaseFiles.all().filter { file in
        file.logID == reader.logID && file.writtenAt / 1_000_000 < reader.now.milliseconds - 86_400_000
      }.filter { try activeLease(of: $0.token, $0, in: reader) == nil }
      if !dead.isEmpty {
        findings.append(
          Finding(
            code: "lease-files",
            message: .findingLeaseFiles(count: dead.count),
            hint: .text(.hintLeaseFiles)))
      }
      let stale = try reader.expiredSessions(matching: nil, limit: 1000)
      if !stale.isEmpty {
        findings.append(
          Finding(code: "stale", message: .findingStale(count: stale.count), hint: .run("recover")))
      }
      return findings
    }
  }
}
