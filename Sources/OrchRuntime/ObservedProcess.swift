import OrchApp
package import OrchCore
import OrchStore
import OrchSystem
import SystemPackage

/// A command that is run and watched: what it prints is passed through and hashed, in the order in which it arrives.
package struct ObservedProcess {
  package struct Outcome: Sendable {
    /// As a shell has it: 127 when it could not be started, 128 and the number of a signal that ended it.
    package var exitStatus: Int
    package var milliseconds: Int
    /// SHA-256 of what it printed.
    package var outputHash: Digest
    /// Why it could not be started.
    package var failure: String?
  }

  var words: [String]
  /// Where it runs.
  var directory: String
  var output: FileDescriptor
  var errors: FileDescriptor
  /// How often `beat` is called, in seconds; nil: never.
  var heartbeatSeconds: Int?
  var start: (ChildProcess.Start) throws(Errno) -> ChildProcess
  var beat: () -> Void

  /// How much is read at once, in bytes.
  private static let piece = 65536

  func run() throws -> Outcome {
    let begun = ContinuousClock.now
    var hash = SHA256()
    let out: Pipe
    let err: Pipe
    do throws(Errno) {
      (out, err) = (try Pipe(), try Pipe())
    } catch {
      throw OrchError(.io, .errorNoPipe(detail: "\(error)"))
    }
    defer { [out, err].forEach { $0.close() } }
    var launch = ChildProcess.Start(words)
    launch.directory = directory
    launch.output = out.writer
    launch.error = err.writer
    let child: ChildProcess
    do throws(Errno) {
      child = try start(launch)
    } catch {
      return Outcome(
        exitStatus: 127, milliseconds: elapsed(begun), outputHash: hash.digest, failure: "\(error)")
    }
    out.closeWriter()
    err.closeWriter()
    var streams = [(reader: out.reader, target: output), (reader: err.reader, target: errors)]
    var status: Int?
    // What was printed by the time it ended; what others that hold the pipe print for ever is not waited for.
    var left: [FileDescriptor: Int] = [:]
    var due = begun + .seconds(heartbeatSeconds ?? Int.max / 4_000_000_000)
    while true {
      // What a child of the child keeps open is not waited for.
      let ready = try? FileDescriptor.wait(
        streams.map { ($0.reader, .reading) }, milliseconds: status == nil ? 50 : 0)
      if let heartbeatSeconds, ContinuousClock.now >= due {
        beat()
        due = ContinuousClock.now + .seconds(heartbeatSeconds)
      }
      for (index, isReady) in (ready ?? []).enumerated().reversed() where isReady {
        let (reader, target) = streams[index]
        let count = pass(from: reader, to: target, limit: left[reader] ?? Self.piece, &hash)
        left[reader]? -= count ?? 0
        if count == nil || (left[reader] ?? 1) <= 0 { streams.remove(at: index) }
      }
      if status == nil {
        status = child.statusIfEnded()
        if status != nil {
          for (reader, _) in streams { left[reader] = reader.readableBytes ?? 0 }
          streams.removeAll { left[$0.reader] == 0 }
        }
      }
      if let status, streams.isEmpty {
        return Outcome(exitStatus: status, milliseconds: elapsed(begun), outputHash: hash.digest)
      }
    }
  }

  private func elapsed(_ start: ContinuousClock.Instant) -> Int {
    let components = (ContinuousClock.now - start).components
    return Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }

  /// Passes on what is there, and returns how much; nil at the end.
  private func pass(
    from reader: FileDescriptor, to target: FileDescriptor, limit: Int, _ hash: inout SHA256
  ) -> Int? {
    var piece = [UInt8](repeating: 0, count: min(limit, Self.piece))
    let count: Int
    do throws(Errno) {
      count = try FileIO.readSome(reader, &piece)
    } catch {
      return error == .resourceTemporarilyUnavailable ? 0 : nil
    }
    guard count > 0 else { return nil }
    hash.update(piece[..<count])
    // Where nobody reads any more, the check goes on all the same.
    piece.withUnsafeBytes { try? target.writeWaiting(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    return count
  }
}
