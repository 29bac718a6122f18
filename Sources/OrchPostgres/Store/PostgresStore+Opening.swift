internal import CLibPQ
internal import OrchCore
public import OrchStore

extension PostgresStore {
  /// Whether an address is of this engine: `postgres://…`, `postgresql://…` or `service=…`.
  public static func serves(_ address: String) -> Bool { Address.isOne(address) }

  /// An address without a password, as it may be shown and kept; and whether it had one.
  public static func shown(_ address: String) throws -> (text: String, hadPassword: Bool) {
    let address = try parsed(address)
    return (address.shown, address.hasPassword)
  }

  /// Opens a database. Connects when it is first used.
  ///
  /// - Parameters:
  ///   - readOnly: for reading; nothing will be changed through it.
  ///   - timeoutMilliseconds: for each transaction, waiting for connections and locks included.
  ///   - capabilities: what to use of the server; nil: what it has.
  /// - Throws: `StoreError.configuration` for an address that does not read, or without libpq.
  public static func open(
    _ address: String, readOnly: Bool = false, timeoutMilliseconds: Int = 10_000, capabilities: Capabilities? = nil
  ) throws -> PostgresStore {
    PostgresStore(
      try parsed(address), timeout: .milliseconds(timeoutMilliseconds), isReadOnly: readOnly, capabilities: capabilities)
  }

  private static func parsed(_ address: String) throws(StoreError) -> Address {
    do throws(PostgresFailure) {
      return try Address(address)
    } catch {
      throw StoreError(error)
    }
  }

  /// Creates the schema in a database, or brings it up to date. Any number of processes may do so at once.
  public static func initialize(
    _ address: String, timeoutMilliseconds: Int = 10_000, capabilities: Capabilities? = nil
  ) throws -> Initialization {
    let store = try open(address, timeoutMilliseconds: timeoutMilliseconds, capabilities: capabilities)
    let deadline = ContinuousClock.now + store.timeout
    return try store.attempting(until: deadline) { connection in
      do {
        return try store.initialize(connection, capabilities ?? connection.capabilities, until: deadline)
      } catch let error as PostgresFailure {
        try? connection.post([Query("ROLLBACK")], until: deadline)
        // Somebody else creates it at the same moment.
        if error.category == .exists { throw PostgresFailure(.conflict, error.message) }
        throw error
      }
    }
  }

  private func initialize(
    _ connection: PostgresConnection, _ capabilities: Capabilities, until deadline: ContinuousClock.Instant
  ) throws -> Initialization {
    if let encoding = connection.parameter("server_encoding"), encoding != "UTF8" {
      throw StoreError.configuration("the database's encoding is \(encoding)", hint: "createdb --encoding UTF8 --template template0")
    }
    let look = try connection.exchange(
      [
        Query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
        Query(
          """
          SELECT to_regclass('orch.meta') IS NOT NULL, (SELECT count(*) FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'orch')
          """),
      ], until: deadline)
    let isThere = look[1].first?.bool(0) ?? false
    if !isThere, look[1].first?.int(1) != 0 {
      try connection.post([Query("ROLLBACK")], until: deadline)
      throw StoreError.configuration(
        "\(address.shown) has a schema orch that is not of this program", hint: "give another database")
    }
    var version = 0
    if isThere {
      let row = try connection.exchange(
        [Query("SELECT value FROM orch.meta WHERE key = 'schema' FOR UPDATE")], until: deadline)[0].first
      version = row.flatMap { Int($0.text(0)) } ?? 0
      guard version <= Schema.version else {
        try connection.post([Query("ROLLBACK")], until: deadline)
        throw wrong(version)
      }
    }
    var queries = isThere ? [] : Schema.creation(capabilities)
    queries += Schema.migrations(from: version, capabilities)
    if isThere, capabilities.contains(.transactionNumbers) { queries.append(Query(Self.followRestored)) }
    queries.append(Query("SELECT value FROM orch.meta WHERE key = 'log'"))
    queries.append(Query("COMMIT"))
    let answers = try connection.exchange(queries, until: deadline)
    guard let log = answers[answers.count - 2].first?.text(0), log.utf8.count == 26 else {
      throw StoreError.corrupt("the database has no identity")
    }
    return Initialization(
      database: address.shown, engine: engine, log: log, created: !isThere, schemaVersion: Schema.version,
      upgradedFrom: isThere && version < Schema.version ? String(version) : nil)
  }

  /// After a restore from a copy on another server, whose transaction numbers are lower, positions go on above the last.
  private static let followRestored = """
    UPDATE orch.meta SET value = greatest(value::bigint,
      (SELECT (coalesce(max(pos), 0) >> 20) + 1 FROM orch.event) - pg_snapshot_xmin(pg_current_snapshot())::text::bigint)::text
    WHERE key = 'position_offset' AND (SELECT coalesce(max(pos), 0) >> 20 FROM orch.event)
      >= value::bigint + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    """

  /// What is wrong with a schema in which a statement did not find what it expects.
  func diagnosis(of failure: PostgresFailure, until deadline: ContinuousClock.Instant) -> StoreError {
    disconnect()
    do throws(PostgresFailure) {
      let connection = try PostgresConnection.connect(address, until: deadline)
      let found = try connection.exchange([Query("SELECT to_regclass('orch.meta') IS NOT NULL")], until: deadline)
      guard found[0].first?.bool(0) == true else { return .absent(address.shown) }
      let row = try connection.exchange([Query("SELECT value FROM orch.meta WHERE key = 'schema'")], until: deadline)[0].first
      guard let version = row.flatMap({ Int($0.text(0)) }), version != Schema.version else { return StoreError(failure) }
      return wrong(version)
    } catch {
      return StoreError(error.category == .connection ? failure : error)
    }
  }

  private func wrong(_ version: Int) -> StoreError {
    version > Schema.version
      ? .configuration(
        "\(address.shown) has the schema \(version); this program knows up to \(Schema.version)", hint: "use a newer orch")
      : .configuration("\(address.shown) has the schema \(version), an older one", hint: "orch init")
  }
}

extension PostgresConnection {
  /// A setting that the server reports.
  func parameter(_ name: String) -> String? { pq.parameterStatus(handle, name).map { String(cString: $0) } }

  /// What the server can do, by what it reports as it greets.
  var capabilities: Capabilities {
    if parameter("crdb_version") != nil { return .of(server: "CockroachDB") }
    return .of(server: "PostgreSQL \(parameter("server_version") ?? "")")
  }
}
