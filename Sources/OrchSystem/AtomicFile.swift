import CPlatform
package import SystemPackage

/// A file that appears when it is complete, and before that not at all: it is written under another name in the same
/// directory, and then renamed. Without `commit` nothing is left.
package final class AtomicFile {
  /// The rights of the new file.
  package enum Permissions: Sendable {
    /// Its owner alone reads and writes it.
    case owner
    /// What the user's mask leaves.
    case shared
    /// Those of the file that it replaces; of a new one, what the user's mask leaves.
    case kept
    case exactly(UInt32)
  }

  private let path: String
  private let temporary: String
  private let file: FileDescriptor
  private let permissions: Permissions
  private var buffer: [UInt8] = []
  private var isOver = false

  /// - Throws: `Errno` when the directory takes no file.
  package init(_ path: String, _ permissions: Permissions) throws(Errno) {
    self.path = path
    self.permissions = permissions
    temporary = "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).new"
    let initial: UInt32 =
      switch permissions {
      case .owner, .exactly: 0o600
      case .shared, .kept: 0o666
      }
    file = try FileIO.open(temporary, .writeOnly, [.create, .exclusiveCreate, .noFollow], permissions: initial)
  }

  deinit {
    guard !isOver else { return }
    FileIO.close(file)
    FileIO.removeIfThere(temporary)
  }

  package func write(_ bytes: some Sequence<UInt8>) throws(Errno) {
    buffer.append(contentsOf: bytes)
    if buffer.count > 1 << 18 { try flush() }
  }

  private func flush() throws(Errno) {
    try FileIO.write(buffer, to: file)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Puts the file under its name, in place of what has it.
  ///
  /// - Parameters:
  ///   - isSynced: whether the content outlives a power cut.
  ///   - keepsOwner: whether the new file belongs to the old one's owner, where that is allowed.
  ///   - modified: the time of its last change, in nanoseconds since 1970; nil: now.
  package func commit(isSynced: Bool = true, keepsOwner: Bool = false, modified: Int64? = nil) throws(Errno) {
    try flush()
    let old = try? FileStatus(of: path, followsLinks: false)
    if keepsOwner, let old { _ = fchown(file.rawValue, old.owner, old.group) }
    // After the owner, whose change takes bits away.
    switch permissions {
    case .owner: try FileIO.setPermissions(file, 0o600)
    case .exactly(let mode): try FileIO.setPermissions(file, mode)
    case .kept: if let old, old.kind == .file { try FileIO.setPermissions(file, old.permissions) }
    case .shared: break
    }
    if let modified { try? FileIO.setModified(file, modified) }
    if isSynced { try FileIO.sync(file) }
    try FileIO.rename(temporary, to: path)
    isOver = true
    FileIO.close(file)
  }
}

extension FileIO {
  /// Replaces a file as a whole, or makes it: nobody sees half of it.
  package static func replace(
    _ path: String, with bytes: [UInt8], _ permissions: AtomicFile.Permissions, isSynced: Bool = true
  ) throws(Errno) {
    let file = try AtomicFile(path, permissions)
    try file.write(bytes)
    try file.commit(isSynced: isSynced)
  }
}
