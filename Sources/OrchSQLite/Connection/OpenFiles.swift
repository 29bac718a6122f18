#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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

    init(_ status: stat) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  private struct Entry {
    let key: Key
    var connections: Int
    var parked: Int32
  }

  /// Guarded by `mutex`.
  nonisolated(unsafe) private static var entries: [Entry] = []
  nonisolated(unsafe) private static let mutex: UnsafeMutablePointer<pthread_mutex_t> = {
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    return mutex
  }()

  /// Notes a connection, before SQLite opens the file.
  static func enter(_ key: Key) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].connections += 1
    } else {
      entries.append(Entry(key: key, connections: 1, parked: -1))
    }
  }

  /// Forgets a connection, after SQLite closed it.
  static func leave(_ key: Key) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard let index = entries.firstIndex(where: { $0.key == key }) else { return }
    entries[index].connections -= 1
    guard entries[index].connections == 0 else { return }
    if entries[index].parked >= 0 { close(entries[index].parked) }
    entries.remove(at: index)
  }

  /// Reads the first bytes of a regular file into `buffer`, and says how many there are; nil, with `errno` set, when
  /// that is not possible.
  ///
  /// The lock is held from opening to closing: a connection that another thread opens meanwhile is opened after.
  static func readHead(
    of path: String, into buffer: UnsafeMutableRawBufferPointer
  ) -> (status: stat, count: Int)? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var status = stat()
    // A file already open here is read through the parked descriptor: one is enough.
    if stat(path, &status) == 0, let index = entries.firstIndex(where: { $0.key == Key(status) }),
      entries[index].parked >= 0
    {
      return read(entries[index].parked, buffer)
    }
    // Not blocking: between the caller's look and this one a pipe may have taken the name.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    let head = read(descriptor, buffer)
    let error = errno
    if let head, let index = entries.firstIndex(where: { $0.key == Key(head.status) }), entries[index].parked < 0 {
      entries[index].parked = descriptor
    } else {
      close(descriptor)
    }
    errno = error
    return head
  }

  private static func read(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer
  ) -> (status: stat, count: Int)? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
    return count < 0 ? nil : (status, count)
  }
}
