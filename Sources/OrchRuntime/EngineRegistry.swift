import OrchCore
package import OrchStore
import OrchApp
import OrchPostgres
import OrchSQLite

/// The engines there are, by the addresses that they serve.
package struct EngineRegistry: Sendable {
  package let engines: [any Engine]

  /// All engines of this program. The one place that names them.
  package static let standard = EngineRegistry([PostgresEngine(), SQLiteEngine()])

  /// - Parameter engines: the first that serves an address has it; the last serves every path.
  package init(_ engines: [any Engine]) {
    self.engines = engines
  }

  package func engine(for address: String) throws -> any Engine {
    guard let engine = engines.first(where: { $0.serves(address) }) else {
      // The rest of it may hold a password.
      let kind = address.split(separator: ":", maxSplits: 1).first ?? ""
      throw OrchError(.configuration, .errorNoEngine(address: "\(kind)://…"), hint: .text(.hintAddresses))
    }
    return engine
  }

  package func open(_ address: String, _ options: OpenOptions) throws -> any Store {
    try engine(for: address).open(address, options)
  }

  /// What an address names, the same from every directory.
  package func normalized(_ address: String, in directory: String) throws -> String {
    try engine(for: address).normalized(address, in: directory)
  }

  /// An address as it may be shown and kept: without a password.
  package func shown(_ address: String) throws -> String { try engine(for: address).shown(address).text }

  /// Whether an address holds a password.
  package func hasPassword(_ address: String) -> Bool {
    (try? engine(for: address).shown(address).hadPassword) == true
  }

  /// Creates the database, or brings its schema up to date.
  ///
  /// - Throws: `usage` for an option that is another engine's, or a value that it does not take.
  package func initialize(
    _ address: String, _ options: EngineOptions = [:], names: FieldNames = .plain, timeoutMilliseconds: Int
  ) throws -> Initialization {
    let engine = try engine(for: address)
    for (name, value) in options {
      guard let option = engine.options.first(where: { $0.name == name }) else {
        let owners = engines.filter { $0.options.contains { $0.name == name } }.map(\.title)
        throw OrchError.usage(
          .errorEngineOption(names: names(name), owners: owners.joined(separator: ", ")), hint: .run("init", "--help"))
      }
      guard option.values.isEmpty || option.values.contains(value) else {
        throw Validated.noChoice(value, names(name), among: option.values)
      }
    }
    return try engine.initialize(address, options, timeoutMilliseconds: timeoutMilliseconds)
  }
}
