import OrchCore
import OrchStore

/// What went wrong at the server, or on the way to it.
///
/// Judged by SQLSTATE, never by words. The message is the server's primary one, one line: it names tables and
/// constraints, never a bound value and never a password.
struct PostgresFailure: Error, Sendable {
  let category: Category
  /// One line without a final stop.
  let message: Message
  /// Five characters, or empty when no server said anything.
  let state: String

  init(_ category: Category, _ message: Message, state: String = "") {
    self.category = category
    self.message = message
    self.state = state
  }

  /// What the server reported.
  init(state: String, message: String) {
    self.init(Category(state: state), Message(verbatim: message), state: state)
  }

  /// The classes of failure that somebody treats differently.
  enum Category: Sendable {
    /// There is no libpq, or one too old.
    case noLibrary
    /// The address does not read.
    case address
    /// No server there, or the connection broke.
    case connection
    /// The server takes no more connections, or is starting or stopping.
    case tooManyConnections
    /// A deadlock, or a snapshot too old to write on.
    case serialization
    /// A lock was not had in time.
    case lock
    /// The deadline passed.
    case timeout
    /// A unique index refused a row, or a row was not at the version that was read.
    case conflict
    /// A statement is not prepared that should be, or is already: the backend is not the one that was told.
    case statement
    /// A table or a schema is there already.
    case exists
    /// Wrong password, or no such user.
    case authentication
    /// The certificate, or encryption, is not what was asked for.
    case encryption
    /// No such database.
    case noDatabase
    /// Our tables are not there, or are others.
    case schema
    /// A right is missing.
    case permission
    /// The server takes no changes now: a standby, or one being switched over.
    case readOnly
    /// No room on the disk, failed reads and writes.
    case io
    /// The stored data contradicts itself.
    case corrupt
    /// A mistake of ours.
    case other

    init(state: String) {
      switch state {
      case "40001", "40P01": self = .serialization
      case "55P03": self = .lock
      case "57014": self = .timeout
      case "23505": self = .conflict
      case _ where Requirement.states.contains(state): self = .conflict
      case "26000", "42P05": self = .statement
      case "42P06", "42P07", "42710", "42723": self = .exists
      case "28000", "28P01": self = .authentication
      case "3D000": self = .noDatabase
      case "42P01", "3F000", "42703", "42704": self = .schema
      case "42501": self = .permission
      case "25006": self = .readOnly
      case "53300", "57P03": self = .tooManyConnections
      case "57P01", "57P02", "57P04", "57P05", "25P03", "25P04": self = .connection
      case "53100", "58030": self = .io
      case "XX001", "XX002": self = .corrupt
      default:
        self = state.hasPrefix("08") ? .connection : state.hasPrefix("53") ? .io : .other
      }
    }
  }
}

extension StoreError {
  init(_ failure: PostgresFailure) {
    let message = failure.message
    switch failure.category {
    case .noLibrary: self = .configuration(message, hint: .text(.hintInstallLibpq))
    case .address:
      self = .configuration(
        .postgresAddress(detail: message), hint: .text(.hintAddress))
    case .connection:
      self = .unavailable(
        .postgresUnreachable(detail: message), hint: .text(.hintCheckAddress))
    case .tooManyConnections: self = .unavailable(.postgresNoConnection(detail: message))
    case .serialization: self = .unavailable(.postgresBusy(detail: message))
    case .lock: self = .unavailable(.postgresLocked(detail: message))
    case .timeout: self = .unavailable(.postgresTimeout(detail: message))
    case .conflict: self = .conflict
    case .statement: self = .internal("the server forgets statements: \(message)")
    case .exists:
      self = .configuration(.postgresSchema(detail: message), hint: .run("init"))
    case .authentication:
      self = .permission(
        .postgresLogin(detail: message), hint: .text(.hintPgpass))
    case .encryption:
      self = .configuration(
        .postgresUnsafe(detail: message), hint: .text(.hintSslmode))
    case .noDatabase: self = .unavailable(message, hint: .text(.hintCreatedb))
    case .schema:
      self = .configuration(.postgresSchema(detail: message), hint: .run("init"))
    case .permission:
      self = .permission(
        .postgresRole(detail: message), hint: .text(.hintGrantRole))
    case .readOnly:
      self = .unavailable(
        .postgresNoChanges(detail: message),
        hint: .text(.hintPrimaryOrWait))
    case .io: self = .io(.postgresIo(detail: message))
    case .corrupt: self = .corrupt(.errorDatabaseDamaged(detail: message))
    case .other: self = .internal("PostgreSQL \(failure.state): \(message)")
    }
  }
}
