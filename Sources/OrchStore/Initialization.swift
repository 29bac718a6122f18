/// What creating a database, or bringing one up to date, came to.
public struct Initialization: Sendable {
  /// Where it is, without a password.
  public var database: String
  public var engine: String
  /// The database's identity.
  public var log: String
  public var created: Bool
  public var schemaVersion: Int
  /// What it was before: an older schema's number, or the name of a foreign schema; nil when it was current.
  public var upgradedFrom: String?
  /// Where the file as it was is kept.
  public var backup: String?
  /// What could not be carried over as it was.
  public var warnings: [String]
  /// The server's roles that have their rights now.
  public var roles: [String]

  public init(
    database: String, engine: String, log: String, created: Bool, schemaVersion: Int, upgradedFrom: String? = nil,
    backup: String? = nil, warnings: [String] = [], roles: [String] = []
  ) {
    self.database = database
    self.engine = engine
    self.log = log
    self.created = created
    self.schemaVersion = schemaVersion
    self.upgradedFrom = upgradedFrom
    self.backup = backup
    self.warnings = warnings
    self.roles = roles
  }
}

/// Something about an installation that somebody should look at.
public struct Finding: Hashable, Sendable {
  public var code: String
  /// What it is and what it means.
  public var message: String
  /// What to do.
  public var hint: String

  public init(code: String, message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
