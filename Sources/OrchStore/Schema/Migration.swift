import OrchCore

/// One step of the schema, with the statements of every engine: so their numbers are the same.
///
/// A step is never changed once a program with it was released; a change of the schema is a new step. Its number is its
/// place in `Migration.all`, from 1.
package struct Migration: Sendable {
  package let name: String
  /// The lowest schema number of a program that may still read a database after this step.
  package let lowestReader: Int
  /// The lowest schema number of a program that may still write one. Not below `lowestReader`.
  package let lowestWriter: Int
  private let sqlite: [String]
  private let postgres: [PostgresStatement]

  /// A statement for PostgreSQL and what speaks its protocol.
  package struct PostgresStatement: ExpressibleByStringLiteral, Sendable {
    let text: String
    /// Whether it is left out where the server has no functions and triggers.
    let needsFunctions: Bool

    package init(stringLiteral text: String) { self.init(text) }

    init(_ text: String, needsFunctions: Bool = false) {
      self.text = text
      self.needsFunctions = needsFunctions
    }
  }

  /// - Parameters:
  ///   - sqlite: scripts, run one after the other.
  ///   - postgres: statements, run one after the other.
  init(
    _ name: String, lowestReader: Int, lowestWriter: Int, sqlite: [String], postgres: [PostgresStatement]
  ) {
    self.name = name
    self.lowestReader = lowestReader
    self.lowestWriter = lowestWriter
    self.sqlite = sqlite
    self.postgres = postgres
  }

  /// Every step, in order.
  package static let all: [Migration] = [.initial, .logs, .vocabulary]
}

extension Migration {
  /// How an engine's SQL differs.
  package enum Dialect: Sendable {
    case sqlite
    /// - Parameter functions: whether the server has functions and triggers.
    case postgres(functions: Bool)

    /// The table in which a database says what it is, by key and value.
    fileprivate var meta: String {
      switch self {
      case .sqlite: "meta"
      case .postgres: "orch.meta"
      }
    }
  }

  /// The statements that bring a database from a schema number to that of this program, for one transaction; none where
  /// there is nothing to do.
  ///
  /// The table `meta` has to be there before a database's first step, or to be made by it.
  package static func statements(from number: Int, _ dialect: Dialect) -> [String] {
    guard number < all.count else { return [] }
    return all[max(0, number)...].flatMap { $0.statements(dialect) } + [SchemaNumbers.current.record(in: dialect.meta)]
  }

  func statements(_ dialect: Dialect) -> [String] {
    switch dialect {
    case .sqlite: sqlite
    case .postgres(let functions): postgres.filter { functions || !$0.needsFunctions }.map(\.text)
    }
  }
}

/// The identity of a database.
package enum DatabaseIdentity {
  /// A new one: 26 random characters of Crockford's base 32.
  package static func random() -> String {
    CrockfordBase32.uppercase((0..<17).map { _ in UInt8.random(in: 0...255) }, count: 26)
  }
}
