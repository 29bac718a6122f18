import OrchCore
import CSQLite
import SystemPackage

/// What went wrong in SQLite, or with the file that it was to open.
///
/// The message is SQLite's own. It names tables and columns and may quote a word of the statement, but never a bound
/// value, and neither does anything else in here: a failure can be printed and logged.
struct SQLiteFailure: Error, Sendable {
  /// The extended result code, or `SQLITE_OK` when no call of SQLite failed (see `category`).
  let code: Int32
  /// What kind of failure it is, judged by codes only, never by words of the message.
  let category: Category
  /// One line without a final stop; SQLite's own words as they are.
  let message: Message
  /// Where there is no database; nil for other failures.
  let absentPath: String?
  /// The first line of the statement, or empty.
  let statement: String
  /// `errno` of the system call behind it, or 0.
  let systemError: Int32

  /// The result code without its extension.
  var primaryCode: Int32 { code & 0xff }

  /// A failure that SQLite reported.
  init(code: Int32, message: Message, statement: String, systemError: Int32) {
    self.code = code
    self.category = Category(code: code)
    self.message = message
    self.statement = statement
    self.systemError = systemError
    absentPath = nil
  }

  /// A failure found before, or beside, a call of SQLite.
  init(_ category: Category, _ message: Message, systemError: Int32 = 0, absentPath: String? = nil) {
    self.code = SQLITE_OK
    self.category = category
    self.message = message
    self.statement = ""
    self.systemError = systemError
    self.absentPath = absentPath
  }

  /// Whether running the whole transaction again can help.
  ///
  /// True for BUSY and LOCKED and nothing else: after FULL, IOERR, CORRUPT, NOTADB or READONLY a second try would at
  /// best fail alike.
  var isRetryable: Bool { category == .busy }
}

extension SQLiteFailure {
  /// The classes of failure that somebody treats differently.
  enum Category: Sendable {
    /// Another connection holds a lock (BUSY, LOCKED).
    case busy
    /// A constraint or a trigger's `RAISE` refused the row.
    case constraint
    /// No room left on the disk, or the limit of pages is reached.
    case full
    /// A system call failed.
    case io
    /// The file is damaged (CORRUPT, NOTADB).
    case corrupt
    /// A write on what can only be read.
    case readOnly
    /// The file, or one of the files beside it, cannot be opened.
    case cantOpen
    /// The user may not.
    case permission
    /// Out of memory.
    case noMemory
    /// `sqlite3_interrupt` ended the statement.
    case interrupted
    /// The program uses SQLite, or this wrapper, wrongly: a defect.
    case misuse
    /// There is no file at that path.
    case absent
    /// There is something else at that path: a directory, an empty file, another format.
    case foreign
    /// The file system does not keep what write-ahead logging needs.
    case unsafeFileSystem
    /// Every other code.
    case other

    /// The class of a result code, by its primary part.
    init(code: Int32) {
      switch code & 0xff {
      case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
      case SQLITE_CONSTRAINT: self = .constraint
      case SQLITE_FULL: self = .full
      case SQLITE_IOERR: self = .io
      case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt
      case SQLITE_READONLY: self = code == Extended.readOnlyDirectory ? .permission : .readOnly
      case SQLITE_CANTOPEN: self = .cantOpen
      case SQLITE_PERM, SQLITE_AUTH: self = .permission
      case SQLITE_NOMEM: self = .noMemory
      case SQLITE_INTERRUPT: self = .interrupted
      case SQLITE_MISUSE, SQLITE_RANGE: self = .misuse
      default: self = .other
      }
    }
  }

  /// The kinds that a caller of the store distinguishes, with the exit status that each becomes.
  enum Kind: Int32, Sendable {
    /// `store-unavailable`: absent, unreachable, still locked at the deadline. Nothing was done.
    case unavailable = 69
    /// `io`: disk full, read-only file system, failed system call.
    case io = 74
    /// `permission`.
    case permission = 77
    /// `configuration`: not a database that this program may use in this place.
    case configuration = 78
    /// `store-corrupt`; its exit status is 70.
    case corrupt = 170
    /// `internal`: a defect of this program, or no memory.
    case `internal` = 70

    /// The status that a process ends with.
    var exitStatus: Int32 { self == .corrupt ? 70 : rawValue }
  }

  /// What this failure is to a caller of the store.
  var kind: Kind {
    switch category {
    case .busy, .absent: .unavailable
    case .cantOpen: isDenied ? .permission : .unavailable
    case .io: isDenied ? .permission : .io
    case .full, .readOnly: .io
    case .corrupt: .corrupt
    case .permission: .permission
    case .foreign, .unsafeFileSystem: .configuration
    // WAL's lock protocol failing is the one other way to find the file locked by others.
    case .other: primaryCode == SQLITE_PROTOCOL ? .unavailable : .internal
    case .constraint, .noMemory, .interrupted, .misuse: .internal
    }
  }

  private var isDenied: Bool {
    systemError == Errno.permissionDenied.rawValue || systemError == Errno.notPermitted.rawValue
  }

  /// Extended codes, which are macros with operators and so not imported.
  private enum Extended {
    static let readOnlyDirectory = SQLITE_READONLY | (6 << 8)
  }
}

extension SQLiteFailure: CustomStringConvertible {
  var description: String {
    var text = message.description
    if code != SQLITE_OK { text += " (SQLite \(code))" }
    if !statement.isEmpty { text += " in: \(statement)" }
    return text
  }
}
