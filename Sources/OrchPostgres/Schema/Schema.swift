import OrchStore

/// How a schema is created and brought up to date.
enum Schema {
  /// What creates the schema with its identity, at number 0.
  static func creation(_ capabilities: Capabilities) -> [Query] {
    [
      Query("CREATE SCHEMA IF NOT EXISTS orch"),
      Query("CREATE TABLE orch.meta(key text PRIMARY KEY, value text NOT NULL)"),
      Query(
        """
        INSERT INTO orch.meta(key, value)
        VALUES ('log', $1), ('schema', '0'), ('position_offset', '0'), ('positions', $2),
          ('created', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        """, DatabaseIdentity.random(), capabilities.positionKind)
    ]
  }

  /// What brings a schema at a number up to date.
  static func migrations(from number: Int, _ capabilities: Capabilities) -> [Query] {
    Migration.statements(from: number, .postgres(functions: capabilities.contains(.triggers))).map { Query($0) }
  }
}
