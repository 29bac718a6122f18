import CPlatform
package import SystemPackage

/// What the file system knows of a file.
package struct FileStatus: Sendable {
  package enum Kind: Sendable {
    case file, directory, link
    /// A pipe, a device, a socket.
    case special
  }

  package let kind: Kind
  /// In bytes.
  package let size: Int64
  /// Permission bits, those of `chmod`.
  package let permissions: UInt32
  package let owner: UInt32
  package let group: UInt32
  /// How many names the file has.
  package let links: Int
  /// Which file it is, whatever its names.
  package let device: UInt64
  package let inode: UInt64
  /// The last change of the content, in nanoseconds since 1970.
  package let modified: Int64

  /// - Parameter followsLinks: whether a symbolic link stands for what it leads to.
  package init(of path: String, followsLinks: Bool = true) throws(Errno) {
    var status = stat()
    try FileIO.check(followsLinks ? stat(path, &status) : lstat(path, &status))
    self.init(&status)
  }

  package init(of file: FileDescriptor) throws(Errno) {
    var status = stat()
    try FileIO.check(fstat(file.rawValue, &status))
    self.init(&status)
  }

  private init(_ status: inout stat) {
    kind =
      switch status.st_mode & mode_t(S_IFMT) {
      case mode_t(S_IFREG): .file
      case mode_t(S_IFDIR): .directory
      case mode_t(S_IFLNK): .link
      default: .special
      }
    size = Int64(status.st_size)
    permissions = UInt32(status.st_mode) & 0o7777
    owner = status.st_uid
    group = status.st_gid
    links = Int(status.st_nlink)
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    modified = orch_modified(&status)
  }
}

extension FileIO {
  /// Sets the time of the last change of an open file, in nanoseconds since 1970.
  package static func setModified(_ file: FileDescriptor, _ nanoseconds: Int64) throws(Errno) {
    try check(orch_set_modified(file.rawValue, nanoseconds))
  }
}
