import CPlatform
package import SystemPackage

/// This process, its user and its machine.
package enum CurrentProcess {
  package static var id: Int32 { getpid() }

  /// A variable of the environment.
  package static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The working directory without symbolic links.
  package static func workingDirectory() throws(Errno) -> String { try FileIO.realPath(".") }

  /// The machine's name; `localhost` where it has none.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  package static var userID: UInt32 { getuid() }
  package static var effectiveUserID: UInt32 { geteuid() }

  /// The user's name and home directory, as the system's user database has them.
  ///
  /// Looking them up may load libraries, which costs a start more than all else: ask only when they are needed.
  package static var user: (name: String, home: String)? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name
    else { return nil }
    return (String(cString: name), entry.pw_dir.map { String(cString: $0) } ?? "/")
  }

  /// Whether a process of this number is there.
  package static func isRunning(_ id: Int32) -> Bool { kill(id, 0) == 0 || orch_errno() != ESRCH }

  /// The words that the process was started with, as the kernel kept them; none where it does not tell.
  package static var kernelArguments: [[UInt8]] {
    guard let bytes = try? FileIO.read("/proc/self/cmdline") else { return [] }
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
  }

  /// The file that is running, where the system tells.
  package static var executable: String? { try? FileIO.realPath("/proc/self/exe") }

  /// Ends the process at once: nothing is left to be flushed.
  package static func exit(_ status: Int32) -> Never { _exit(status) }

  /// Ends the process after so many seconds, whatever it is doing, as `endOfLifetime` says.
  package static func limitLifetime(seconds: UInt32) {
    signal(SIGALRM) { _ in
      if let text = lifetimeEnd.text { _ = write(STDERR_FILENO, text, lifetimeEnd.count) }
      _exit(lifetimeEnd.status)
    }
    alarm(seconds)
  }

  /// Sets what the process ends with when its time is over: a status, and a text on standard error. Until then status 0
  /// and nothing.
  package static func setEndOfLifetime(status: Int32, text: String) {
    // Signals may come at any time, so it is whole before it counts.
    lifetimeEnd.count = text.utf8.count
    lifetimeEnd.text = UnsafePointer(strdup(text))
    lifetimeEnd.status = status
  }
}

/// What the handler of `limitLifetime` looks at. It is a variable of the process because a signal's handler is.
nonisolated(unsafe) private var lifetimeEnd: (status: Int32, text: UnsafePointer<CChar>?, count: Int) = (0, nil, 0)
