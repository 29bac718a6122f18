import OrchCore

/// Who may do what, as roles of the server that cannot log in: people and agents become members.
///
/// - `orch_owner` has the schema and what is in it; its members bring it up to date.
/// - `orch_agent` works. It adds to the log and cannot change it. Of the other tables it may change what the statements
///   of a transaction change, and nothing else.
/// - `orch_reader` reads.
///
/// Roles belong to the whole server: all databases on it share them.
enum Roles {
  static let owner = "orch_owner"
  static let agent = "orch_agent"
  static let reader = "orch_reader"
  static let all = [owner, agent, reader]

  /// What is known before anything is changed: which of the roles there are, who asks, and what they may.
  static let look = """
    SELECT
      ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname IN ('orch_owner', 'orch_agent', 'orch_reader')),
      quote_ident(current_user), rolsuper, rolsuper OR rolcreaterole,
      (SELECT pg_has_role(current_user, r.oid, 'USAGE') FROM pg_catalog.pg_roles r WHERE r.rolname = 'orch_owner')
    FROM pg_catalog.pg_roles WHERE rolname = current_user
    """

  /// Gives a statement for each thing in the schema that is not the owner's yet.
  static let transfers = """
    SELECT 'ALTER SCHEMA orch OWNER TO orch_owner' FROM pg_catalog.pg_namespace
    WHERE nspname = 'orch' AND pg_get_userbyid(nspowner) <> 'orch_owner'
    UNION ALL
    (SELECT format('ALTER TABLE orch.%I OWNER TO orch_owner', c.relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'orch' AND c.relkind IN ('r', 'p') AND pg_get_userbyid(c.relowner) <> 'orch_owner' ORDER BY 1)
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO orch_owner', p.oid::regprocedure)
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'orch' AND pg_get_userbyid(p.proowner) <> 'orch_owner'
    """

  /// Says whose the next statements of the transaction are: what they make belongs to the owner.
  static let becomeOwner = Query("SET LOCAL ROLE orch_owner")

  /// The rights, all of them, whatever was granted before.
  ///
  /// Locking a row needs the right to update its table. The rows of the log are never locked.
  static func grants(_ capabilities: Capabilities) -> [Query] {
    var statements = [
      "GRANT USAGE ON SCHEMA orch TO orch_agent, orch_reader",
      "REVOKE ALL ON ALL TABLES IN SCHEMA orch FROM PUBLIC, orch_agent, orch_reader",
      "GRANT SELECT ON ALL TABLES IN SCHEMA orch TO orch_agent, orch_reader",
      "GRANT INSERT ON orch.event, orch.event_block, orch.grant_token, orch.class TO orch_agent",
      "GRANT INSERT, UPDATE ON orch.session, orch.task, orch.agent TO orch_agent",
      "GRANT INSERT, DELETE ON orch.ready, orch.dependency TO orch_agent",
      "GRANT INSERT, UPDATE, DELETE ON orch.lease TO orch_agent"
    ]
    if capabilities.contains(.triggers) {
      statements.append("GRANT EXECUTE ON FUNCTION orch.require(boolean) TO orch_agent")
    }
    // Where a counter makes the positions, whoever writes moves it on.
    if !capabilities.contains(.transactionNumbers) {
      statements.append("GRANT UPDATE(value) ON orch.meta TO orch_agent")
    }
    return statements.map { Query($0) }
  }

  /// What an administrator runs for somebody who may not make the roles.
  static func remedy(missing: [String], for user: String) -> NextAction {
    let made = missing.map { "CREATE ROLE \($0) NOLOGIN; " }.joined()
    return .text(.hintAdministrator(statements: made, owner: owner, user: user))
  }
}
