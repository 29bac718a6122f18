#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore
import OrchStore

/// A command that is run and watched: what it prints is passed through and hashed, in the order in which it arrives.
struct ObservedProcess {
  struct Outcome {
    /// As a shell has it: 127 when it could not be started, 128 and the number of a signal that ended it.
    var exitStatus: Int
    var milliseconds: Int
    /// SHA-256 of what it printed.
    var outputHash: Digest
    /// Why it could not be started.
    var failure: String?
  }

  var words: [String]
  /// Everything to standard error: standard output is for results.
  var isApart: Bool
  /// How often `beat` is called, in seconds; nil: never.
  var beatSeconds: Int?
  var beat: () -> Void

  func run() throws -> Outcome {
    let start = ContinuousClock.now
    var hash = SHA256()
    let (out, err) = (try Pipe(), try Pipe())
    defer { [out, err].forEach { $0.close() } }
    var child: pid_t = 0
    // A signal that comes in between is for what is run.
    let mask = Signals.hold()
    let code = spawn(&child, out, err, mask)
    defer { Signals.install() }
    if code == 0 { Signals.forward(to: child) }
    Signals.letGo(mask)
    guard code == 0 else {
      return Outcome(
        exitStatus: 127, milliseconds: elapsed(start), outputHash: hash.digest,
        failure: String(cString: strerror(code)))
    }
    out.closeWriter()
    err.closeWriter()
    var streams = [(out.reader, isApart ? Int32(2) : 1), (err.reader, Int32(2))]
    var status: Int32?
    // What was printed by the time it ended; what others that hold the pipe print for ever is not waited for.
    var left: [Int32: Int] = [:]
    var due = start + .seconds(beatSeconds ?? Int.max / 4_000_000_000)
    while true {
      var polled = streams.map { pollfd(fd: $0.0, events: Int16(POLLIN), revents: 0) }
      // What a child of the child keeps open is not waited for.
      _ = poll(&polled, nfds_t(polled.count), status == nil ? 50 : 0)
      if let beatSeconds, ContinuousClock.now >= due {
        beat()
        due = ContinuousClock.now + .seconds(beatSeconds)
      }
      for (index, entry) in polled.enumerated().reversed() where entry.revents != 0 {
        let (reader, target) = streams[index]
        let count = pass(from: reader, to: target, limit: left[reader] ?? Self.piece, &hash)
        left[reader]? -= count ?? 0
        if count == nil || (left[reader] ?? 1) <= 0 { streams.remove(at: index) }
      }
      if status == nil {
        status = ended(child)
        if status != nil {
          for (reader, _) in streams { left[reader] = waiting(in: reader) }
          streams.removeAll { left[$0.0] == 0 }
        }
      }
      if let status, streams.isEmpty {
        return Outcome(exitStatus: status.shellStatus, milliseconds: elapsed(start), outputHash: hash.digest)
      }
    }
  }

  private func elapsed(_ start: ContinuousClock.Instant) -> Int {
    let components = (ContinuousClock.now - start).components
    return Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }

  private static let piece = 65536

  /// How many bytes lie in a pipe.
  private func waiting(in reader: Int32) -> Int {
    var count: CInt = 0
    return ioctl(reader, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
  }

  /// Passes on what is there, and returns how much; nil at the end.
  private func pass(from reader: Int32, to target: Int32, limit: Int, _ hash: inout SHA256) -> Int? {
    var piece = [UInt8](repeating: 0, count: min(limit, Self.piece))
    let count = piece.withUnsafeMutableBytes { Glue.read(reader, $0.baseAddress!, $0.count) }
    guard count > 0 else { return count < 0 && (errno == EINTR || errno == EAGAIN) ? 0 : nil }
    hash.update(piece[..<count])
    piece.withUnsafeBytes { bytes in
      var sent = 0
      while sent < count {
        let written = Glue.write(target, bytes.baseAddress! + sent, count - sent)
        if written < 0, errno == EAGAIN || errno == EWOULDBLOCK {
          // Somebody made it one that does not wait.
          var full = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
          _ = poll(&full, 1, 1000)
          continue
        }
        // Nobody reads any more: the check goes on all the same.
        guard written > 0 || errno == EINTR else { return }
        sent += max(written, 0)
      }
    }
    return count
  }

  private func ended(_ child: pid_t) -> Int32? {
    var status: Int32 = 0
    return waitpid(child, &status, WNOHANG) == child ? status : nil
  }

  /// - Returns: 0, or the system's error.
  private func spawn(_ child: inout pid_t, _ out: Pipe, _ err: Pipe, _ mask: sigset_t) -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, out.writer, 1)
    posix_spawn_file_actions_adddup2(&actions, err.writer, 2)
    // What this program does with signals is not for what it runs.
    var signals = sigset_t()
    sigemptyset(&signals)
    // A caller that ignores one (nohup) wants it ignored there, too.
    for number in Signals.handled where !Signals.isIgnored(number) { sigaddset(&signals, number) }
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var mask = mask
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    return posix_spawnp(&child, words[0], &actions, &attributes, &arguments, environ)
  }
}

extension ObservedProcess {
  /// Two ends, closed in what is run.
  private final class Pipe {
    private(set) var reader: Int32
    private(set) var writer: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw OrchError(.io, "no pipe: \(String(cString: strerror(errno)))") }
      (reader, writer) = (ends[0], ends[1])
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    func closeWriter() {
      if writer >= 0 { Self.close(writer) }
      writer = -1
    }

    func close() {
      closeWriter()
      if reader >= 0 { Self.close(reader) }
      reader = -1
    }

    private static func close(_ descriptor: Int32) {
      #if canImport(Glibc)
        _ = Glibc.close(descriptor)
      #elseif canImport(Musl)
        _ = Musl.close(descriptor)
      #else
        _ = Darwin.close(descriptor)
      #endif
    }
  }
}

extension Int32 {
  /// A status of `waitpid` as a shell has it.
  fileprivate var shellStatus: Int { self & 0x7f == 0 ? Int(self >> 8 & 0xff) : 128 + Int(self & 0x7f) }
}
