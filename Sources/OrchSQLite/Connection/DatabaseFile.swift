import OrchStore
import OrchSystem
import SystemPackage

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
    case unreadable(Errno)
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
      guard bytes.count >= 100, bytes.beginsWithCString("SQLite format 3") else {
        return nil
      }
      userVersion = Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 60, as: Int32.self))
      applicationID = Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 68, as: Int32.self))
      usesWriteAheadLog = bytes[18] == 2 || bytes[19] == 2
    }
  }

  /// Looks. Never fails: what is in the way is part of the answer.
  static func look(at path: String) -> DatabaseFile {
    guard !path.isEmpty, !path.utf8.contains(0) else { return DatabaseFile(path, .unreadable(.invalidArgument)) }
    // The real path is absolute, so nothing in it can be taken for a `file:` URI with parameters.
    var real = path
    let status: FileStatus
    do throws(Errno) {
      real = try FileIO.realPath(path)
      status = try FileStatus(of: real)
    } catch {
      return DatabaseFile(real, error == .noSuchFileOrDirectory ? .absent : .unreadable(error))
    }
    switch status.kind {
    case .directory: return DatabaseFile(real, .directory, status)
    case .file: break
    case .link, .special: return DatabaseFile(real, .special, status)
    }
    return withUnsafeTemporaryAllocation(byteCount: 100, alignment: 8) { buffer in
      let head: (status: FileStatus, count: Int)
      do throws(Errno) {
        head = try OpenFiles.readHead(of: real, into: buffer)
      } catch {
        return DatabaseFile(real, .unreadable(error), status)
      }
      if head.count == 0 { return DatabaseFile(real, .empty, head.status) }
      let header = Header(UnsafeRawBufferPointer(rebasing: buffer[..<head.count]))
      return DatabaseFile(real, header.map(Content.database) ?? .other, head.status)
    }
  }

  private init(_ path: String, _ content: Content, _ status: FileStatus? = nil) {
    self.path = path
    self.content = content
    key = status.map(OpenFiles.Key.init)
    size = status?.size ?? 0
    mode = status?.permissions ?? 0
    links = status?.links ?? 0
  }

  /// The header, of a database.
  var header: Header? { if case .database(let header) = content { header } else { nil } }

  /// Why this cannot be opened as a database; nil when it can.
  var obstacle: SQLiteFailure? {
    switch content {
    case .database: nil
    case .absent:
      SQLiteFailure(
        .absent, .errorNoDatabase(path: path), systemError: Errno.noSuchFileOrDirectory.rawValue, absentPath: path)
    case .empty: SQLiteFailure(.foreign, .sqliteEmptyFile(path: path))
    case .directory: SQLiteFailure(.foreign, .sqliteDirectory(path: path))
    case .special, .other: SQLiteFailure(.foreign, .sqliteNoDatabase(path: path))
    case .unreadable(let error):
      SQLiteFailure(
        [.notDirectory, .tooManySymbolicLinkLevels, .invalidArgument, .fileNameTooLong].contains(error)
          ? .foreign : .cantOpen,
        .sqliteCannotRead(path: path, detail: error.description), systemError: error.rawValue)
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
    let real = (try? FileIO.realPath(path)) ?? path
    return [FileIO.split(real).directory, real, real + "-wal", real + "-shm", real + "-journal"].compactMap { path in
      guard let status = try? FileStatus(of: path), status.permissions & 0o077 != 0 else { return nil }
      return Exposure(path: path, mode: status.permissions, isDirectory: status.kind == .directory)
    }
  }

  /// The size of a file in bytes, nil when there is none.
  static func size(of path: String) -> Int64? {
    (try? FileStatus(of: path))?.size
  }
}
