import CLibPQ
import OrchCore
import OrchStore

extension PostgresStore {
  /// What is wrong with a schema in which a statement did not find what it expects; nil when it is as it should be:
  /// somebody has just made it.
  func diagnosis(of failure: PostgresFailure, until deadline: ContinuousClock.Instant) -> StoreError? {
    disconnect()
    do throws(PostgresFailure) {
      let connection = try PostgresConnection.connect(address, until: deadline)
      let found = try connection.exchange([Query(Self.whatIsThere)], until: deadline)[0].first
      guard found?.bool(0) == true else { return found?.int(1) == 0 ? .absent(address.shown) : foreign }
      guard found?.bool(2) == true else { return foreign }
      let rows = try connection.exchange([Query("SELECT key, value FROM orch.meta")], until: deadline)[0].rows
      let values = Dictionary(rows.map { ($0.text(0), $0.text(1)) }) { $1 }
      guard let number = values[SchemaNumbers.Key.number].flatMap({ Int($0) }) else { return foreign }
      let numbers = SchemaNumbers(number: number) { values[$0] }
      return numbers.obstacle(to: isReadOnly ? .reading : .writing, of: address.shown)
    } catch {
      return StoreError(error.category == .connection ? failure : error)
    }
  }

  /// Whether our first table is there, how many things of any name, and whether the first table is as ours.
  static let whatIsThere = """
    SELECT c.meta, c.things, c.meta AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname = 'key') AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname = 'value')
    FROM (SELECT count(*) AS things, coalesce(bool_or(r.relname = 'meta' AND r.relkind IN ('r', 'p')), false) AS meta,
        max(r.oid::bigint) FILTER (WHERE r.relname = 'meta')::oid AS oid
      FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace WHERE n.nspname = 'orch') AS c
    """

  /// Somebody else's schema of our name.
  var foreign: StoreError {
    .configuration(.postgresForeignSchema(database: address.shown), hint: .text(.hintAnotherDatabase))
  }
}

extension PostgresConnection {
  /// A setting that the server reports.
  func parameter(_ name: String) -> String? { pq.parameterStatus(handle, name).map { String(cString: $0) } }
}
