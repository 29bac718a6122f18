import OrchCore
import OrchSystem
import SystemPackage

/// The directory of lease files: where tokens live, one file each, readable by their owner alone.
///
/// The files are a convenience of the holder. The database alone says which tokens are live.
package struct LeaseFiles: Sendable {
  /// The directory's path.
  package let directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// Every file that reads, in no order. A directory that is not there holds none.
  package func all() -> [LeaseFile] {
    ((try? FileIO.names(in: directory)) ?? []).compactMap { $0.utf8.count == 16 ? read($0) : nil }
  }

  /// Fails where the directory, or a file in it, is there and may not be read: then it is not known what is held.
  func requireReadable() throws(OrchError) {
    do throws(Errno) {
      for name in try FileIO.names(in: directory) where name.utf8.count == 16 {
        do throws(Errno) {
          FileIO.close(try FileIO.open(directory + "/" + name, .readOnly, [.noFollow, .nonBlocking]))
        } catch .noSuchFileOrDirectory {
          // Removed meanwhile.
          continue
        }
      }
    } catch {
      guard error != .noSuchFileOrDirectory else { return }
      let isDenied = error == .permissionDenied || error == .notPermitted
      throw OrchError(
        isDenied ? .permission : .io, .errorLeaseFilesUnreadable(directory: directory, detail: error.description),
        hint: .text(.hintCheckOwner))
    }
  }

  /// The newest file of an agent (of anybody, when nil) nearest to a place: where a holder's database is known from.
  package func newest(agent: String?, near place: Instance) -> LeaseFile? {
    all().compactMap { file -> (file: LeaseFile, distance: Int)? in
      guard agent == nil || agent == file.agent, let distance = place.distance(to: file.instance) else { return nil }
      return (file, distance)
    }.min { ($0.distance, $1.file.writtenAt) < ($1.distance, $0.file.writtenAt) }?.file
  }

  private func read(_ name: String) -> LeaseFile? {
    guard let file = try? FileIO.open(directory + "/" + name, .readOnly, [.noFollow, .nonBlocking]) else { return nil }
    defer { FileIO.close(file) }
    guard let status = try? FileStatus(of: file), status.size <= 65536 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.size))
    guard !bytes.isEmpty, (try? FileIO.readSome(file, at: 0, &bytes)) == bytes.count else { return nil }
    return LeaseFile(bytes, writtenAt: status.modified)
  }

  /// Creates the file of a token that is about to be granted. Never overwrites another's.
  ///
  /// - Throws: `OrchError` with `permission` or `io`: no file, no claim.
  func create(_ file: LeaseFile) throws {
    let path = directory + "/" + file.name
    let created: FileDescriptor
    do throws(Errno) {
      created = try createFile(path)
    } catch {
      throw Self.failure(.errorNoLeaseFile(path: path, detail: error.description), error)
    }
    defer { FileIO.close(created) }
    do throws(Errno) {
      try FileIO.write(Self.bytes(file.claimLine), to: created)
    } catch {
      FileIO.removeIfThere(path)
      throw Self.failure(.errorLeaseFileUnwritten(path: path, detail: error.description), error)
    }
  }

  private func createFile(_ path: String) throws(Errno) -> FileDescriptor {
    let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate, .noFollow]
    do throws(Errno) {
      return try FileIO.open(path, .writeOnly, options, permissions: 0o600)
    } catch .noSuchFileOrDirectory {
      try FileIO.createDirectories(directory, permissions: 0o700)
      return try FileIO.open(path, .writeOnly, options, permissions: 0o600)
    }
  }

  /// Adds what the database granted. Best effort: errors are ignored, since the token alone identifies the grant.
  func complete(_ file: LeaseFile, session: String, task: String) {
    let path = directory + "/" + file.name
    guard let open = try? FileIO.open(path, .writeOnly, [.append, .noFollow]) else { return }
    defer { FileIO.close(open) }
    try? FileIO.write(Self.bytes(LeaseFile.grantLine(session: session, task: task)), to: open)
  }

  /// Makes a file point to where its database has gone; its age stays.
  ///
  /// - Returns: false when it could not be done: the holder is told by the database then.
  func replace(_ file: LeaseFile, database: String, logID: String) -> Bool {
    var moved = file
    moved.database = database
    moved.logID = logID
    do throws(Errno) {
      let new = try AtomicFile(directory + "/" + file.name, .owner)
      try new.write(Self.bytes(moved.claimLine))
      if let session = file.session, let task = file.task {
        try new.write(Self.bytes(LeaseFile.grantLine(session: session, task: task)))
      }
      try new.commit(isSynced: false, modified: file.writtenAt)
      return true
    } catch {
      return false
    }
  }

  func remove(_ file: LeaseFile) { FileIO.removeIfThere(directory + "/" + file.name) }

  private static func bytes(_ line: JSON) -> [UInt8] {
    var bytes: [UInt8] = []
    line.write(into: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  private static func failure(_ message: Message, _ error: Errno) -> OrchError {
    switch error {
    case .permissionDenied, .notPermitted:
      return OrchError(.permission, message, hint: .text(.hintNothingClaimedOwner))
    default: return OrchError(.io, message, hint: .text(.hintNothingClaimed))
    }
  }
}
