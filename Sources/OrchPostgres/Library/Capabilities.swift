import OrchCore

/// What a server offers beyond tables, indexes and transactions.
///
/// Nothing that correctness rests on needs any of it. Servers that speak PostgreSQL's protocol and are not PostgreSQL lack
/// some, or have stubs that do nothing.
package struct Capabilities: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Triggers refuse changes of the log, beside the rights, and a function says what a statement expects of a row.
  package static let triggers = Capabilities(rawValue: 1)
  /// NOTIFY tells waiting claims of new work; polling is the floor.
  package static let notify = Capabilities(rawValue: 2)
  /// SKIP LOCKED passes over rows that others are at.
  package static let skipLocked = Capabilities(rawValue: 4)
  /// `pg_current_xact_id` and snapshots: without them all writers wait for one counter.
  package static let transactionNumbers = Capabilities(rawValue: 8)

  package static let all: Capabilities = [.triggers, .notify, .skipLocked, .transactionNumbers]

  /// By what a server says of itself, as `SELECT version()` gives it.
  static func of(server version: String) -> Capabilities {
    let text = version.lowercased()
    // CockroachDB has row locks that skip, and neither notifications nor transaction numbers that order anything.
    if text.contains("cockroach") { return [.skipLocked] }
    // YugabyteDB's transaction numbers are each node's own.
    if text.contains("-yb-") || text.contains("yugabyte") { return [.triggers, .skipLocked] }
    return text.hasPrefix("postgresql") ? .all : []
  }

  /// How positions come about, as the database remembers it: all its clients have to agree.
  var positionKind: String { contains(.transactionNumbers) ? "transactions" : "counter" }

  /// What each is called.
  var names: [Message] {
    let names: [(Capabilities, Message)] = [
      (.triggers, .capabilityTriggers), (.notify, .capabilityNotify), (.skipLocked, .capabilitySkipLocked),
      (.transactionNumbers, .capabilityTransactionNumbers)
    ]
    return names.filter { contains($0.0) }.map(\.1)
  }
}
