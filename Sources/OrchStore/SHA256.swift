import CSHA256
package import OrchCore

/// A SHA-256 over bytes that arrive in pieces.
package struct SHA256 {
  private var state = orch_sha256()

  package init() { orch_sha256_init(&state) }

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { update($0) }
    }
  }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    orch_sha256_update(&state, start, bytes.count)
  }

  /// The digest of what has arrived so far. More may follow.
  package var digest: Digest {
    var copy = state
    let digest = withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
      orch_sha256_final(&copy, buffer.baseAddress)
      return Digest(raw: UnsafeRawBufferPointer(buffer))
    }
    guard let digest else { preconditionFailure("SHA-256 has 32 bytes") }
    return digest
  }

  /// The digest of `bytes`.
  package static func digest(of bytes: some Sequence<UInt8>) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.digest
  }
}
