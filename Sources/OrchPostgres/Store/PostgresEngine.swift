import OrchCore
package import OrchStore

/// Databases on a server: `postgres://…`, `postgresql://…`, `service=NAME`.
package struct PostgresEngine: Engine {
  package let name = "postgresql"
  package let title = "PostgreSQL"
  package let options = [EngineOption("roles")]
  package var library: Library { Library("libpq", built: PQLibrary.headerVersion) { PQLibrary.version } }

  private let capabilities: Capabilities?

  /// - Parameter capabilities: what to use of the server; nil: what it has.
  package init(capabilities: Capabilities? = nil) {
    self.capabilities = capabilities
  }

  package func serves(_ address: String) -> Bool { Address.isOne(address) }

  package func normalized(_ address: String, in directory: String) -> String { address }

  package func shown(_ address: String) throws(StoreError) -> ShownAddress {
    let address = try Self.parsed(address)
    return ShownAddress(address.shown, hadPassword: address.hasPassword)
  }

  /// Connects when the store is first used.
  ///
  /// - Throws: `StoreError.configuration` for an address that does not read, or without libpq.
  package func open(_ address: String, _ options: OpenOptions = OpenOptions()) throws -> any Store {
    try store(address, options)
  }

  func store(_ address: String, _ options: OpenOptions) throws -> PostgresStore {
    PostgresStore(
      try Self.parsed(address), timeout: .milliseconds(options.timeoutMilliseconds), isReadOnly: options.isReadOnly,
      capabilities: capabilities, diagnostics: options.diagnostics)
  }

  private static func parsed(_ address: String) throws(StoreError) -> Address {
    do throws(PostgresFailure) {
      return try Address(address)
    } catch {
      throw StoreError(error)
    }
  }
}
