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
              ? "the connection is encrypted, but nobody checks that the server is the right one"
              : "the connection is not encrypted: passwords and tasks can be read on the way",
            hint: "sslmode=verify-full and sslrootcert in the address or the service file"))
      }
      if row.bool(0) {
        findings.append(
          Finding(
            code: "standby", message: "the server is a standby: it takes no changes", hint: "give the primary's address"
          ))
      }
      if row.bool(3) {
        findings.append(
          Finding(
            code: "superuser", message: "the role is a superuser, which no guard of the log stops",
            hint: "orch init --roles, and a role that is a member of orch_agent"))
      }
      if row.int(2) * 5 > row.int(1) * 4 {
        findings.append(
          Finding(
            code: "connections", message: "\(row.int(2)) of \(row.int(1)) connections are in use",
            hint: "a pooler (pgbouncer in transaction mode), or more max_connections"))
      }
      for (column, name) in [(4, "fsync"), (5, "synchronous_commit"), (6, "full_page_writes")]
      where row.text(column) == "off" {
        findings.append(
          Finding(
            code: "durability", message: "\(name) is off: what was acknowledged can be lost when the server goes down",
            hint: "\(name) = on in postgresql.conf"))
      }
      let lacking = Capabilities.all.subtracting(connection.capabilities)
      if !lacking.isEmpty {
        findings.append(
          Finding(
            code: "capabilities", message: "this server lacks: \(lacking)",
            hint: "everything works without; claims that wait look again every second"))
      }
      return findings
    }
  }
}
