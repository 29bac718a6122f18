package import OrchCore

/// The instant `seconds` after 2026-11-23T08:00:00.000Z, the beginning of every test's day.
package func at(_ seconds: Int) -> Instant { Instant(milliseconds: 1_795_420_800_000).adding(seconds: seconds) }

extension Caller {
  /// `actor` on the machine `box`, in the work tree `/w`, without a repository.
  package static func named(
    _ actor: String, at now: Instant = at(0), source: String? = nil, host: String = "box", jitter: UInt64 = 0
  ) -> Caller {
    Caller(
      actor: actor, source: source, defaultSource: "cli:\(host)", host: host, instance: "/w", commit: nil, now: now,
      jitter: jitter)
  }
}

extension Digest {
  /// A digest that is told from others by `number`.
  package static func numbered(_ number: Int) -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    for index in 0..<8 { bytes[31 - index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
    bytes[0] = 0xaa
    guard let digest = Digest(bytes: bytes) else { preconditionFailure("a digest has 32 bytes") }
    return digest
  }
}

extension NewLease {
  /// Terms with the token that is told from others by `token`.
  package static func token(_ token: Int, ttl: Int? = nil) -> NewLease {
    NewLease(tokenHash: .numbered(token), ttlSeconds: ttl)
  }
}

extension NewTask {
  /// A task titled like its id, changed by `change`.
  package static func titled(_ id: String, _ change: (inout NewTask) -> Void = { _ in }) -> NewTask {
    var new = NewTask(id: id, title: "Title of \(id)")
    change(&new)
    return new
  }
}

extension Release {
  /// A release with `outcome`, changed by `change`.
  package static func with(_ outcome: Outcome, _ change: (inout Release) -> Void) -> Release {
    var release = Release(outcome)
    change(&release)
    return release
  }
}

extension TaskEdit {
  package static func with(_ change: (inout TaskEdit) -> Void) -> TaskEdit {
    var edit = TaskEdit()
    change(&edit)
    return edit
  }
}

extension CheckpointChange {
  package static func with(_ change: (inout CheckpointChange) -> Void) -> CheckpointChange {
    var checkpoint = CheckpointChange()
    change(&checkpoint)
    return checkpoint
  }
}
