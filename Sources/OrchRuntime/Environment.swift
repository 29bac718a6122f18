import OrchSystem

/// The variables, the user and the machine that a request runs for.
package struct Environment: Sendable {
  private let lookup: @Sendable (String) -> String?

  /// - Parameter lookup: gives a variable, or nil.
  package init(_ lookup: @escaping @Sendable (String) -> String?) {
    self.lookup = lookup
  }

  /// This process's own.
  package static let process = Environment { CurrentProcess.variable($0) }

  /// A variable; an empty one is unset.
  package subscript(name: String) -> String? {
    guard let value = lookup(name), !value.isEmpty else { return nil }
    return value
  }

  package var home: String { self["HOME"] ?? CurrentProcess.user?.home ?? "/" }

  package var host: String { CurrentProcess.hostName }

  package var login: String {
    CurrentProcess.user?.name ?? self["LOGNAME"] ?? self["USER"] ?? "uid\(CurrentProcess.userID)"
  }
}
