import OrchCore
import OrchStore

/// The tables, number by number. The numbers are those of the other engine, migration by migration.
enum Schema {
  /// The number of the last migration.
  static let version = 2

  /// What brings the schema from the number before to `version`.
  private static func migration(to version: Int, _ capabilities: Capabilities) -> [String] {
    switch version {
    case 1: initial + (capabilities.contains(.triggers) ? guards : [])
    case 2: logs
    default: []
    }
  }

  /// What creates the schema with its identity.
  static func creation(_ capabilities: Capabilities) -> [Query] {
    [
      Query("CREATE SCHEMA IF NOT EXISTS orch"),
      Query("CREATE TABLE orch.meta(key text PRIMARY KEY, value text NOT NULL)"),
      Query(
        """
        INSERT INTO orch.meta(key, value)
        VALUES ('log', $1), ('schema', '0'), ('position_offset', '0'), ('positions', $2),
          ('created', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        """, newLog(), capabilities.positionKind)
    ]
  }

  /// What brings a schema at a number up to date.
  static func migrations(from version: Int, _ capabilities: Capabilities) -> [Query] {
    guard version < Self.version else { return [] }
    let statements = ((version + 1)...Self.version).flatMap { migration(to: $0, capabilities) }
    return statements.map { Query($0) }
      + [Query("UPDATE orch.meta SET value = $1 WHERE key = 'schema'", String(Self.version))]
  }

  /// A new identity: 26 random characters of Crockford's base 32.
  private static func newLog() -> String {
    CrockfordBase32.uppercase((0..<17).map { _ in UInt8.random(in: 0...255) }, count: 26)
  }
}
