/// A kind of database: which addresses it serves, and how it opens the databases behind them.
///
/// An engine is a value without state. A registry of engines is the one place that knows them all: nothing else asks
/// which engine an address belongs to.
package protocol Engine: Sendable {
  /// What it is called in results: `sqlite`, `postgresql`.
  var name: String { get }
  /// What it is called in messages: `SQLite`, `PostgreSQL`.
  var title: String { get }
  /// What can be chosen when a database is created, beside its address.
  var options: [EngineOption] { get }
  /// The C library under it.
  var library: Library { get }

  /// Whether an address is one of this engine's.
  func serves(_ address: String) -> Bool

  /// What an address names, the same from every directory.
  ///
  /// - Parameter directory: where a relative path begins.
  /// - Throws: `StoreError.configuration` for an address that names nothing.
  func normalized(_ address: String, in directory: String) throws(StoreError) -> String

  /// An address as it may be shown and kept.
  ///
  /// - Throws: `StoreError.configuration` for an address that does not read.
  func shown(_ address: String) throws(StoreError) -> ShownAddress

  /// Opens a database that exists and is up to date. Creates and changes nothing.
  ///
  /// An engine may put off connecting until the first transaction, which then throws what is said here.
  ///
  /// - Throws: `StoreError.absent`; `.configuration` for what is no database of this program or has another schema; and
  ///   what reaching a database can fail with.
  func open(_ address: String, _ options: OpenOptions) throws -> any Store

  /// Creates a database, or brings its schema up to date. Any number of processes may do so at once.
  ///
  /// - Parameter options: only names that `options` has, and only values that it allows.
  func initialize(_ address: String, _ options: EngineOptions, timeoutMilliseconds: Int) throws -> Initialization

  /// What this machine, and a server, mean for the database at an address.
  func examine(_ address: String, timeoutMilliseconds: Int) throws -> [Finding]
}

/// An address without its password.
package struct ShownAddress: Hashable, Sendable {
  package var text: String
  /// Whether the address that was given has a password in it.
  package var hadPassword: Bool

  package init(_ text: String, hadPassword: Bool = false) {
    self.text = text
    self.hadPassword = hadPassword
  }
}

/// How a database is opened.
package struct OpenOptions: Sendable {
  /// Nothing will be changed through it.
  package var isReadOnly: Bool
  /// For each transaction, waiting for locks and connections included.
  package var timeoutMilliseconds: Int

  /// Told of what the engine does.
  package var diagnostics: Diagnostics

  package init(
    isReadOnly: Bool = false, timeoutMilliseconds: Int = 10_000, diagnostics: Diagnostics = Diagnostics()
  ) {
    self.isReadOnly = isReadOnly
    self.timeoutMilliseconds = timeoutMilliseconds
    self.diagnostics = diagnostics
  }
}

/// Something that can be chosen when a database of one engine is created.
package struct EngineOption: Hashable, Sendable {
  package var name: String
  /// The values it takes; none for a switch.
  package var values: [String]

  package init(_ name: String, values: [String] = []) {
    self.name = name
    self.values = values
  }
}

/// What was chosen, by the names of `EngineOption`; a switch that is on has an empty value.
package typealias EngineOptions = [String: String]

extension Engine {
  /// Opens a database, which is created when there is none.
  package func openOrCreate(_ address: String, _ options: OpenOptions) throws -> any Store {
    do {
      let store = try open(address, options)
      // An engine may connect no sooner than at the first question.
      _ = try store.logID
      return store
    } catch StoreError.absent {
      _ = try initialize(address, [:], timeoutMilliseconds: options.timeoutMilliseconds)
      return try open(address, options)
    }
  }
}

/// A C library that the program uses.
package struct Library: Sendable {
  package let name: String
  /// The version that the program was built against.
  package let built: String
  private let findPresent: @Sendable () -> String?

  /// - Parameter present: loads the library where that was not done yet, and asks for its version.
  package init(_ name: String, built: String, present: @escaping @Sendable () -> String?) {
    self.name = name
    self.built = built
    findPresent = present
  }

  /// The version that is installed; nil where there is none that serves.
  package var present: String? { findPresent() }
}
