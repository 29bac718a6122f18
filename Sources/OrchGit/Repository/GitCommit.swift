import CLibgit2
import OrchSystem

/// A commit in libgit2's memory.
package final class GitCommit {
  private let git: orch_git
  let handle: OpaquePointer

  init(_ handle: OpaquePointer, _ git: orch_git) {
    self.handle = handle
    self.git = git
  }

  deinit { git.commit_free(handle) }

  package var name: ObjectName { ObjectName(git.commit_id(handle)!.pointee) }
  package var tree: ObjectName { ObjectName(git.commit_tree_id(handle)!.pointee) }

  package var parents: [ObjectName] {
    (0..<git.commit_parentcount(handle)).map { ObjectName(git.commit_parent_id(handle, $0)!.pointee) }
  }

  package var isMerge: Bool { git.commit_parentcount(handle) > 1 }

  /// The message as it is stored, for as long as `body` runs.
  @inline(__always)
  package func withMessage<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    guard let text = git.commit_message_raw(handle) else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
    let count = text.length
    return text.withMemoryRebound(to: UInt8.self, capacity: count) {
      body(UnsafeBufferPointer(start: $0, count: count))
    }
  }

  /// The first line of the message, in UTF-8.
  package var subject: String {
    let bytes = withMessage { message in
      let start = message.firstIndex { $0 != UInt8(ascii: "\n") } ?? message.endIndex
      let end = message[start...].firstIndex(of: UInt8(ascii: "\n")) ?? message.endIndex
      return Array(message[start..<min(end, start + 4096)])
    }
    return TextEncoding.decode(bytes, encoding)
  }

  /// The whole message in UTF-8.
  package var message: String { TextEncoding.decode(withMessage { Array($0) }, encoding) }

  /// What `i18n.commitEncoding` said when it was made; nil means UTF-8.
  private var encoding: String? { git.commit_message_encoding(handle).map { String(cString: $0) } }

  /// Somebody, and when.
  package struct Signature: Hashable, Sendable {
    package var name: String
    package var address: String
    /// Seconds since 1970.
    package var seconds: Int64
    /// Minutes east of Greenwich.
    package var offset: Int

    /// `Name <address>`.
    package var text: String { "\(name) <\(address)>" }
  }

  package var author: Signature { signature(git.commit_author(handle)) }
  package var committer: Signature { signature(git.commit_committer(handle)) }

  private func signature(_ signature: UnsafePointer<git_signature>?) -> Signature {
    guard let signature = signature?.pointee else { return Signature(name: "", address: "", seconds: 0, offset: 0) }
    func text(_ pointer: UnsafePointer<CChar>?) -> String {
      guard let pointer else { return "" }
      return TextEncoding.decode(Array(UnsafeRawBufferPointer(start: pointer, count: pointer.length)), encoding)
    }
    return Signature(
      name: text(signature.name), address: text(signature.email), seconds: signature.when.time,
      offset: Int(signature.when.offset))
  }
}

/// Text in the encodings that commits were made in.
enum TextEncoding {
  /// Never fails: what cannot be read becomes U+FFFD.
  static func decode(_ bytes: [UInt8], _ encoding: String?) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    if let encoding, let text = TextConversion.utf8(bytes, from: encoding) { return text }
    return String(decoding: bytes, as: UTF8.self)
  }
}
