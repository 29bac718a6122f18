/// How a front end calls the fields of its requests, so that a message can name the one it is about.
package struct FieldNames: Sendable {
  private let name: @Sendable (String) -> String

  package init(_ name: @escaping @Sendable (String) -> String) {
    self.name = name
  }

  /// As they are in JSON: `maxAttempts`.
  package static let plain = FieldNames { $0 }

  /// - Parameter field: in camelCase, as in JSON.
  package func callAsFunction(_ field: String) -> String { name(field) }
}
