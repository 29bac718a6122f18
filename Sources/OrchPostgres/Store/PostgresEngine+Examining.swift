import OrchCore
package import OrchStore

extension PostgresEngine {
  /// Looks at the connection, the server and the role.
  package func examine(_ address: String, timeoutMilliseconds: Int) throws -> [Finding] {
    let store = try store(address, OpenOptions(isReadOnly: true, timeoutMilliseconds: timeoutMilliseconds))
    let deadline = ContinuousClock.now + store.timeout
    return try store.attempting(until: deadline) { connection in
      var findings: [Finding] = []
      let row = try connection.exchange(
        [
          Query(
            """
            SELECT pg_is_in_recovery(), current_setting('max_connections')::bigint,
              (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),
              (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
              current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'),
              floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
            """)
        ], until: deadline)[0].first
      guard let row else { return [] }
      if connection.isRemote, !connection.isVerified {
        findings.append(
          Finding(
            code: "tls",
            message: connection.isEncrypted
              ? .findingTlsUnverified
              : .findingTlsOff,
            hint: .text(.hintVerifyFull)))
      }
      if row.bool(0) {
        findings.append(
          Finding(
            code: "standby", message: .findingStandby, hint: .text(.hintPrimary)
          ))
      }
      if row.bool(3) {
        findings.append(
          Finding(
            code: "superuser", message: .findingSuperuser,
            hint: .text(.hintAgentRole)))
      }
      if row.int(2) * 5 > row.int(1) * 4 {
        findings.append(
          Finding(
            code: "connections", message: .findingConnections(used: row.int(2), all: row.int(1)),
            hint: .text(.hintPooler)))
      }
      for (column, name) in [(4, "fsync"), (5, "synchronous_commit"), (6, "full_page_writes")]
      where row.text(column) == "off" {
        findings.append(
          Finding(
            code: "durability", message: .findingDurability(name: name),
            hint: .text(.hintDurability(name: name))))
      }
      let lacking = Capabilities.all.subtracting(connection.capabilities)
      if !lacking.isEmpty {
        findings.append(
          Finding(
            code: "capabilities", message: .findingCapabilities(list: lacking.names),
            hint: .text(.hintCapabilities)))
      }
      return findings
    }
  }
}
