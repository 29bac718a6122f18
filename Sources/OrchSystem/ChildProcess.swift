import CPlatform
package import SystemPackage

/// A program that this process has started.
package struct ChildProcess: Sendable {
  package let id: Int32

  /// How a program is started.
  package struct Start: Sendable {
    /// The program, looked for in `PATH` where it has no slash, and its arguments.
    package var words: [String]
    /// Where it runs; nil: in this process's directory.
    package var directory: String?
    package var input: FileDescriptor?
    package var output: FileDescriptor?
    package var error: FileDescriptor?
    /// Variables beside those of this process.
    package var variables: [(name: String, value: String)] = []
    /// Signals that it handles as if it were started from nothing.
    package var restoredSignals: [Int32] = []
    /// The signals it does not get for now, where that is not what this process has.
    package var signalMask: SignalMask?

    package init(_ words: [String]) { self.words = words }
  }

  /// Starts a program.
  ///
  /// - Throws: `Errno` when it cannot be started.
  package init(_ start: Start) throws(Errno) {
    let actions = UnsafeMutablePointer<posix_spawn_file_actions_t>.allocate(capacity: 1)
    let attributes = UnsafeMutablePointer<posix_spawnattr_t>.allocate(capacity: 1)
    posix_spawn_file_actions_init(actions)
    posix_spawnattr_init(attributes)
    defer {
      posix_spawn_file_actions_destroy(actions)
      posix_spawnattr_destroy(attributes)
      actions.deallocate()
      attributes.deallocate()
    }
    for (stream, target) in [(start.input, Int32(0)), (start.output, 1), (start.error, 2)] {
      if let stream { posix_spawn_file_actions_adddup2(actions, stream.rawValue, target) }
    }
    if let directory = start.directory { _ = orch_spawn_chdir(actions, directory) }
    var flags: Int32 = 0
    if !start.restoredSignals.isEmpty {
      var signals = sigset_t()
      sigemptyset(&signals)
      for number in start.restoredSignals { sigaddset(&signals, number) }
      posix_spawnattr_setsigdefault(attributes, &signals)
      flags |= Int32(POSIX_SPAWN_SETSIGDEF)
    }
    if var mask = start.signalMask?.mask {
      posix_spawnattr_setsigmask(attributes, &mask)
      flags |= Int32(POSIX_SPAWN_SETSIGMASK)
    }
    posix_spawnattr_setflags(attributes, Int16(flags))
    var words: [UnsafeMutablePointer<CChar>?] = start.words.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let own = start.variables.map { strdup("\($0.name)=\($0.value)") }
    defer { for variable in own { free(variable) } }
    var environment = Self.environment(without: start.variables.map(\.name)) + own + [nil]
    var child: pid_t = 0
    let code = posix_spawnp(&child, start.words[0], actions, attributes, &words, &environment)
    guard code == 0 else { throw Errno(rawValue: code) }
    id = child
  }

  private static func environment(without names: [String]) -> [UnsafeMutablePointer<CChar>?] {
    var variables: [UnsafeMutablePointer<CChar>?] = []
    guard let all = orch_environment() else { return [] }
    var index = 0
    while let variable = all[index] {
      index += 1
      let length = strcspn(variable, "=")
      let isReplaced = names.contains { $0.utf8.count == length && strncmp($0, variable, length) == 0 }
      if !isReplaced { variables.append(variable) }
    }
    return variables
  }

  /// Its status, as a shell has it: 128 and the number of a signal that ended it; nil while it is running.
  package func statusIfEnded() -> Int? {
    var status: Int32 = 0
    return waitpid(id, &status, WNOHANG) == id ? Int(orch_shell_status(status)) : nil
  }

  /// Waits for its end.
  @discardableResult
  package func wait() -> Int {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      guard orch_errno() == EINTR else { return 127 }
    }
    return Int(orch_shell_status(status))
  }

  /// What a program prints on standard output; nil where it cannot be started. Its errors go nowhere.
  package static func output(of words: [String]) -> [UInt8]? {
    guard let ends = try? Pipe(), let nowhere = try? FileIO.open("/dev/null", .readWrite) else { return nil }
    defer {
      ends.close()
      FileIO.close(nowhere)
    }
    var start = Start(words)
    start.output = ends.writer
    start.error = nowhere
    guard let child = try? ChildProcess(start) else { return nil }
    ends.closeWriter()
    let bytes = try? FileIO.read(ends.reader)
    child.wait()
    return bytes
  }
}

/// Two ends of a pipe, closed in what is started.
package final class Pipe {
  package let reader: FileDescriptor
  package let writer: FileDescriptor
  private var isReaderOpen = true
  private var isWriterOpen = true

  package init() throws(Errno) {
    let ends = try FileIO.attempt { try FileDescriptor.pipe() }
    (reader, writer) = (ends.readEnd, ends.writeEnd)
    for end in [reader, writer] { _ = orch_set_close_on_exec(end.rawValue) }
  }

  package func closeWriter() {
    if isWriterOpen { FileIO.close(writer) }
    isWriterOpen = false
  }

  package func close() {
    closeWriter()
    if isReaderOpen { FileIO.close(reader) }
    isReaderOpen = false
  }
}
