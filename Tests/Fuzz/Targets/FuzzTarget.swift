/// What can be given arbitrary bytes.
///
/// A target reads the bytes as one kind of outside input and checks what has to hold whatever they are: it may refuse
/// them, and must not crash, hang or contradict itself.
package enum FuzzTarget: String, CaseIterable, Sendable {
  case json, events, message, hook, template, time, lease

  /// Gives the target an input.
  ///
  /// - Throws: `FuzzFailure` for what contradicts itself.
  package func run(_ bytes: [UInt8]) throws {
    switch self {
    case .json: try Self.json(bytes)
    case .events: try Self.events(bytes)
    case .message: try Self.message(bytes)
    case .hook: try Self.hook(bytes)
    case .template: Self.template(bytes)
    case .time: try Self.time(bytes)
    case .lease: try Self.lease(bytes)
    }
  }

  static func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw FuzzFailure(description: what()) }
  }
}

/// What does not hold about an input.
package struct FuzzFailure: Error, CustomStringConvertible {
  package let description: String
}
