#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What lies at a database's path, looked at without SQLite and before it.
struct DatabaseFile: Sendable {
  /// The real path: symbolic links that the user chose are followed once, here. Of an absent file, the path as given.
  let path: String
  let content: Content
  /// Identifies the file; nil when there is none.
  let key: OpenFiles.Key?
  /// Size in bytes.
  let size: Int64
  /// Permission bits.
  let mode: UInt32
  /// How many names the file has. Under two names it has two write-ahead logs, and is soon damaged.
  let links: Int

  /// What the file holds.
  enum Content: Equatable, Sendable {
    case absent
    /// A regular file without a byte.
    case empty
    case directory
    /// A pipe, a device, a socket.
    case special
    /// Cannot be looked at; the error number says why.
    case unreadable(Int32)
    /// Something that SQLite did not write.
    case other
    case database(Header)
  }

  /// What the first hundred bytes of a database say.
  ///
  /// Changes that are still in the write-ahead log are not in here: after a migration the file may say the version of
  /// before until the next checkpoint. Trust it to refuse nothing but files that were never SQLite's.
  struct Header: Equatable, Sendable {
    let applicationID: Int32
    let userVersion: Int32
    /// Whether the file is in write-ahead log mode (otherwise it has a rollback journal).
    let usesWriteAheadLog: Bool

    /// Reads a header; nil when the bytes are not one.
    init?(_ bytes: UnsafeRawBufferPointer) {
      guard bytes.count >= 100, let start = bytes.baseAddress, memcmp(start, "SQLite format 3", 16) == 0 else {
        return nil
      }
      userVersion = Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 60, as: Int32.self))
      applicationID = Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 68, as: Int32.self))
      usesWriteAheadLog = bytes[18] == 2 || bytes[19] == 2
    }
  }

  /// Looks. Never fails: what is in the way is part of the answer.
  static func look(at path: String) -> DatabaseFile {
    guard !path.isEmpty, !path.utf8.contains(0) else { return DatabaseFile(path, .unreadable(EINVAL)) }
    // The real path is absolute, so nothing in it can be taken for a `file:` URI with parameters.
    guard let real = POSIX.realPath(path) else {
      let error = POSIX.lastError
      return DatabaseFile(path, error == ENOENT ? .absent : .unreadable(error))
    }
    var status = stat()
    guard stat(real, &status) == 0 else {
      let error = POSIX.lastError
      return DatabaseFile(real, error == ENOENT ? .absent : .unreadable(error))
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return DatabaseFile(real, .directory, status)
    case S_IFREG: break
    default: return DatabaseFile(real, .special, status)
    }
    return withUnsafeTemporaryAllocation(byteCount: 100, alignment: 8) { buffer in
      guard let head = OpenFiles.readHead(of: real, into: buffer) else {
        return DatabaseFile(real, .unreadable(POSIX.lastError), status)
      }
      if head.count == 0 { return DatabaseFile(real, .empty, head.status) }
      let header = Header(UnsafeRawBufferPointer(rebasing: buffer[..<head.count]))
      return DatabaseFile(real, header.map(Content.database) ?? .other, head.status)
    }
  }

  private init(_ path: String, _ content: Content, _ status: stat? = nil) {
    self.path = path
    self.content = content
    key = status.map(OpenFiles.Key.init)
    size = status.map { Int64($0.st_size) } ?? 0
    mode = status.map { UInt32($0.st_mode) & 0o7777 } ?? 0
    links = status.map { Int($0.st_nlink) } ?? 0
  }

  /// The header, of a database.
  var header: Header? { if case .database(let header) = content { header } else { nil } }

  /// Why this cannot be opened as a database; nil when it can.
  var obstacle: SQLiteFailure? {
    switch content {
    case .database: nil
    case .absent: SQLiteFailure(.absent, "there is no database at \(path)", systemError: ENOENT)
    case .empty: SQLiteFailure(.foreign, "\(path) is an empty file, not a database")
    case .directory: SQLiteFailure(.foreign, "\(path) is a directory, not a database")
    case .special, .other: SQLiteFailure(.foreign, "\(path) is not a database")
    case .unreadable(let error):
      SQLiteFailure(
        error == ENOTDIR || error == ELOOP || error == EINVAL || error == ENAMETOOLONG ? .foreign : .cantOpen,
        "\(path) cannot be read: \(POSIX.message(error))", systemError: error)
    }
  }
}

// MARK: Permissions

extension DatabaseFile {
  /// Something that others than the owner may do with the database.
  struct Exposure: Equatable, Sendable {
    let path: String
    /// The permission bits found.
    let mode: UInt32
    let isDirectory: Bool
  }

  /// What of the database is open to the group or to others: its directory, the file, the files beside it.
  ///
  /// Reads the file system's metadata only, so it may be asked while SQLite has the file open.
  static func exposures(of path: String) -> [Exposure] {
    let real = POSIX.realPath(path) ?? path
    return [POSIX.split(real).directory, real, real + "-wal", real + "-shm", real + "-journal"].compactMap { path in
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
      return Exposure(
        path: path, mode: UInt32(status.st_mode) & 0o7777, isDirectory: status.st_mode & S_IFMT == S_IFDIR)
    }
  }

  /// The size of a file in bytes, nil when there is none.
  static func size(of path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }
}
