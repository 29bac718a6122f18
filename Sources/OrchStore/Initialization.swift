package import OrchCore

/// What creating a database, or bringing one up to date, came to.
package struct Initialization: Sendable {
  /// Where it is, without a password.
  package var database: String
  package var engine: String
  /// The database's identity.
  package var logID: String
  package var created: Bool
  package var schemaVersion: Int
  /// What it was before: an older schema's number, or the name of a foreign schema; nil when it was current.
  package var upgradedFrom: String?
  /// Where the file as it was is kept.
  package var backup: String?
  /// What could not be carried over as it was.
  package var warnings: [Message]
  /// The server's roles that have their rights now.
  package var roles: [String]

  package init(
    database: String, engine: String, logID: String, created: Bool, schemaVersion: Int, upgradedFrom: String? = nil,
    backup: String? = nil, warnings: [Message] = [], roles: [String] = []
  ) {
    self.database = database
    self.engine = engine
    self.logID = logID
    self.created = created
    self.schemaVersion = schemaVersion
    self.upgradedFrom = upgradedFrom
    self.backup = backup
    self.warnings = warnings
    self.roles = roles
  }
}
