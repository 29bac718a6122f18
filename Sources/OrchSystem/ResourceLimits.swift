import CPlatform

/// Limits of this process. They count for all of its threads.
package enum ResourceLimits {
  /// Runs `body` while no file can be opened.
  package static func withoutNewFiles<Value>(_ body: () -> Value) -> Value {
    let limit = orch_forbid_files()
    defer { orch_allow_files(limit) }
    return body()
  }
}
