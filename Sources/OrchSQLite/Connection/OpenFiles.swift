import OrchSystem
import SystemPackage

/// Which database files SQLite has open in this process.
///
/// Closing any descriptor of a file drops every POSIX lock that the process holds on that file, SQLite's included, and
/// then a second writer gets in. So a descriptor of ours on a file that SQLite has open is not closed but parked, until
/// the last connection to the file is gone; SQLite does the same with its own.
enum OpenFiles {
  /// A file, whatever its names.
  struct Key: Equatable, Sendable {
    let device: UInt64
    let inode: UInt64

    init(_ status: FileStatus) {
      device = status.device
      inode = status.inode
    }
  }

  private struct Entry {
    let key: Key
    var connections: Int
    var parked: FileDescriptor?
  }

  /// Guarded by `lock`.
  nonisolated(unsafe) private static var entries: [Entry] = []
  private static let lock = Lock()

  /// Notes a connection, before SQLite opens the file.
  static func enter(_ key: Key) {
    lock.withLock {
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].connections += 1
      } else {
        entries.append(Entry(key: key, connections: 1, parked: nil))
      }
    }
  }

  /// Forgets a connection, after SQLite closed it.
  static func leave(_ key: Key) {
    lock.withLock {
      guard let index = entries.firstIndex(where: { $0.key == key }) else { return }
      entries[index].connections -= 1
      guard entries[index].connections == 0 else { return }
      if let parked = entries[index].parked { FileIO.close(parked) }
      entries.remove(at: index)
    }
  }

  /// Reads the first bytes of a regular file into `buffer`, and says how many there are.
  ///
  /// The lock is held from opening to closing: a connection that another thread opens meanwhile is opened after.
  static func readHead(
    of path: String, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> (status: FileStatus, count: Int) {
    try lock.withLock { () throws(Errno) in
      // A file already open here is read through the parked descriptor: one is enough.
      if let status = try? FileStatus(of: path), let entry = entries.first(where: { $0.key == Key(status) }),
        let parked = entry.parked
      {
        return try read(parked, buffer)
      }
      // Not blocking: between the caller's look and this one a pipe may have taken the name.
      let file = try FileIO.open(path, .readOnly, [.nonBlocking])
      let head: (status: FileStatus, count: Int)
      do throws(Errno) {
        head = try read(file, buffer)
      } catch {
        FileIO.close(file)
        throw error
      }
      if let index = entries.firstIndex(where: { $0.key == Key(head.status) }), entries[index].parked == nil {
        entries[index].parked = file
      } else {
        FileIO.close(file)
      }
      return head
    }
  }

  private static func read(
    _ file: FileDescriptor, _ buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> (status: FileStatus, count: Int) {
    (try FileStatus(of: file), try FileIO.readSome(file, at: 0, into: buffer))
  }
}
