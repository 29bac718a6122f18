import OrchCore
package import OrchStore

extension PostgresEngine {
  /// Creates the schema, or brings it up to date; with the option `roles` the roles of the server, too.
  package func initialize(
    _ address: String, _ options: EngineOptions = [:], timeoutMilliseconds: Int = 10_000
  ) throws -> Initialization {
    try store(address, OpenOptions(timeoutMilliseconds: timeoutMilliseconds))
      .initialize(roles: options["roles"] != nil)
  }
}

extension PostgresStore {
  fileprivate func initialize(roles: Bool) throws -> Initialization {
    let deadline = ContinuousClock.now + timeout
    return try attempting(until: deadline) { connection in
      do {
        return try initialize(connection, capabilities(of: connection), roles: roles, until: deadline)
      } catch {
        try? connection.post([Query("ROLLBACK")], until: deadline)
        guard let failure = error as? PostgresFailure else { throw error }
        switch failure.category {
        // Somebody else creates it at the same moment.
        case .exists: throw PostgresFailure(.conflict, failure.message)
        case .permission:
          throw StoreError.permission(
            .postgresRole(detail: failure.message),
            hint: .text(.hintInitAsOwner))
        default: throw failure
        }
      }
    }
  }

  private func initialize(
    _ connection: PostgresConnection, _ capabilities: Capabilities, roles: Bool, until deadline: ContinuousClock.Instant
  ) throws -> Initialization {
    if let encoding = connection.parameter("server_encoding"), encoding != "UTF8" {
      throw StoreError.configuration(
        .postgresEncoding(encoding: encoding), hint: .shell("createdb", "--encoding", "UTF8", "--template", "template0")
      )
    }
    let look = try connection.exchange(
      [Query("BEGIN ISOLATION LEVEL READ COMMITTED"), Query(Self.whatIsThere)], until: deadline)[1].first
    let isThere = look?.bool(0) ?? false
    guard isThere ? look?.bool(2) == true : look?.int(1) == 0 else { throw foreign }
    let current = SchemaNumbers.current.number
    var version = 0
    var queries: [Query] = []
    if isThere {
      let state = try state(connection, capabilities, locking: roles, until: deadline)
      version = state.version
      // What a newer schema has beside this one's, this program has no rights to give.
      if roles, version > current { throw newer(version) }
      if version < current, state.isOwned { queries.append(Roles.becomeOwner) }
      queries += Schema.migrations(from: version, capabilities)
      if version < current, state.isOwned { queries += Roles.grants(capabilities) }
      if state.isRestored { queries.append(Query(Self.followRestored)) }
    } else {
      queries = Schema.creation(capabilities) + Schema.migrations(from: 0, capabilities)
    }
    queries.append(Query("SELECT value FROM orch.meta WHERE key = 'log'"))
    guard let logID = try connection.exchange(queries, until: deadline).last?.first?.text(0), logID.utf8.count == 26
    else {
      throw StoreError.corrupt(.damageNoIdentity)
    }
    if roles { try grantRoles(connection, capabilities, until: deadline) }
    _ = try connection.exchange([Query("COMMIT")], until: deadline)
    return Initialization(
      database: address.shown, engine: engine, logID: logID, created: !isThere,
      schemaVersion: max(version, current), upgradedFrom: isThere && version < current ? String(version) : nil,
      roles: roles ? Roles.all : [])
  }

  private func newer(_ version: Int) -> StoreError {
    .configuration(
      .errorNewerSchema(database: address.shown, number: version, known: SchemaNumbers.current.number),
      hint: .text(.hintNewerOrch))
  }

  /// What a schema that is there has: its number, whether it is `orch_owner`'s, and whether it was restored on a server
  /// whose transaction numbers are lower.
  ///
  /// Who has nothing to change needs no right but to read, and waits for nobody.
  ///
  /// - Parameter locking: whether something will be changed in any case.
  private func state(
    _ connection: PostgresConnection, _ capabilities: Capabilities, locking: Bool,
    until deadline: ContinuousClock.Instant
  ) throws -> (version: Int, isOwned: Bool, isRestored: Bool) {
    let restored = capabilities.contains(.transactionNumbers) ? Self.isRestored : "false"
    let text = """
      SELECT value, (SELECT pg_get_userbyid(nspowner) = 'orch_owner' FROM pg_catalog.pg_namespace WHERE nspname = 'orch'),
        to_regclass('orch.event') IS NOT NULL,
        (SELECT value FROM orch.meta WHERE key = '\(SchemaNumbers.Key.lowestReader)'),
        (SELECT value FROM orch.meta WHERE key = '\(SchemaNumbers.Key.lowestWriter)')
      FROM orch.meta WHERE key = '\(SchemaNumbers.Key.number)'
      """
    let row = try connection.exchange([Query(text + (locking ? " FOR UPDATE" : ""))], until: deadline)[0].first
    guard let row, let version = Int(row.text(0)) else { throw foreign }
    let numbers = SchemaNumbers(number: version) { row.optionalText($0 == SchemaNumbers.Key.lowestReader ? 3 : 4) }
    if version > SchemaNumbers.current.number, let obstacle = numbers.obstacle(to: .writing, of: address.shown) {
      throw obstacle
    }
    var isRestored = false
    if row.bool(2) {
      let query = Query("SELECT \(restored) FROM orch.meta WHERE key = 'position_offset'")
      isRestored = try connection.exchange([query], until: deadline)[0].first?.bool(0) ?? false
    }
    if !locking, version < SchemaNumbers.current.number || isRestored {
      return try state(connection, capabilities, locking: true, until: deadline)
    }
    return (version, row.bool(1), isRestored)
  }

  private static let isRestored = """
    (SELECT coalesce(max(pos), 0) >> \(Positions.bits) FROM orch.event)
      >= value::bigint + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    """

  /// After a restore from a copy on another server, whose transaction numbers are lower, positions go on above the last.
  private static let followRestored = """
    UPDATE orch.meta SET value = greatest(value::bigint,
      (SELECT (coalesce(max(pos), 0) >> \(Positions.bits)) + 1 FROM orch.event)
        - pg_snapshot_xmin(pg_current_snapshot())::text::bigint)::text
    WHERE key = 'position_offset' AND \(isRestored)
    """

  // MARK: Roles

  /// Makes the roles that are missing, gives the schema to the owner, and everybody their rights.
  private func grantRoles(
    _ connection: PostgresConnection, _ capabilities: Capabilities, until deadline: ContinuousClock.Instant
  ) throws {
    guard let row = try connection.exchange([Query(Roles.look)], until: deadline)[0].first else {
      throw StoreError.internal("the role of the connection is not in pg_roles")
    }
    let present = row.text(0)
    let missing = Roles.all.filter { !present.contains($0) }
    let refusal = StoreError.permission(
      .postgresRoleMayNotGrant(role: row.text(1), roles: Roles.all.joined(separator: ", ")),
      hint: Roles.remedy(missing: missing, for: row.text(1)))
    guard missing.isEmpty || row.bool(3) else { throw refusal }
    var queries = missing.map { Query("CREATE ROLE \($0) NOLOGIN") }
    // Who gives something away has to be a member of whom it is given to.
    if !row.bool(2), !row.bool(4) { queries.append(Query("GRANT \(Roles.owner) TO CURRENT_USER")) }
    do throws(PostgresFailure) {
      if !queries.isEmpty { _ = try connection.exchange(queries, until: deadline) }
    } catch {
      throw error.category == .permission ? refusal : error
    }
    let transfers = try connection.exchange([Query(Roles.transfers)], until: deadline)[0].rows.map { Query($0.text(0)) }
    _ = try connection.exchange(transfers + [Roles.becomeOwner] + Roles.grants(capabilities), until: deadline)
  }
}
