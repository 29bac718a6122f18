#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where the programs of servers lie, and as whom they run.
enum ServerPrograms {
  /// The directory of one PostgreSQL's `initdb`, `pg_ctl`, `postgres` and `psql`; nil when there is none.
  static let postgres: String? = {
    let needed = ["initdb", "pg_ctl", "postgres", "psql"]
    var places = search.compactMap { directory in
      // What lies on the path may be a link, or Debian's wrapper, which starts a Perl: both cost time and say little.
      let program = CommandRunner.real(directory + "/initdb")
      return program.hasSuffix("/initdb") ? String(program.dropLast("/initdb".count)) : nil
    }
    for parent in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
      let versions = Files.names(in: parent).filter { $0.first?.isNumber == true || $0.hasPrefix("postgresql") }
      places += versions.sorted { number($0) > number($1) }.map { "\(parent)/\($0)/bin" }
    }
    return places.first { place in needed.allSatisfy { isProgram(place + "/" + $0) } }
  }()

  /// The path of `pgbouncer`; nil when there is none.
  static let pgbouncer: String? = search.map { $0 + "/pgbouncer" }.first(where: isProgram)

  private static func number(_ name: String) -> Int { Int(name.filter { $0.isNumber }) ?? 0 }

  private static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 }

  private static let search: [String] = {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"]
  }()

  /// What servers and `psql` get: nothing of the user's, such as PGHOST. The time zone saves `initdb` its search.
  static let environment = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"]

  /// The words before a command that run it as a user who may start servers, which root may not.
  static let dropping: [String] = {
    guard let user = unprivileged else { return [] }
    if isProgram("/usr/bin/setpriv") {
      return ["/usr/bin/setpriv", "--reuid=\(user.id)", "--regid=\(user.group)", "--clear-groups"]
    }
    return ["/usr/sbin/runuser", "-u", user.name, "--"]
  }()

  /// Who runs servers when we are root; nil when we are not.
  private static let unprivileged: (name: String, id: uid_t, group: gid_t)? = {
    guard geteuid() == 0 else { return nil }
    for name in ["postgres", "nobody"] {
      if let user = getpwnam(name) { return (name, user.pointee.pw_uid, user.pointee.pw_gid) }
    }
    fatalError("servers refuse to run as root, and there is no user postgres or nobody")
  }()

  /// A new directory, which belongs to the user who runs servers. Its path is short, for it holds sockets.
  static func makeDirectory(_ name: String) throws -> String {
    var base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    if base.utf8.count > 60 { base = "/tmp" }
    var template = Array("\(base)/orch-\(name)-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw ServerFailure("no scratch directory in \(base)") }
    let path = CommandRunner.real(String(cString: made))
    if let user = unprivileged, chown(path, user.id, user.group) != 0 {
      throw ServerFailure("cannot give \(path) to \(user.name)")
    }
    return path
  }

  /// Writes a file that whoever runs servers can read.
  static func write(_ text: String, to path: String) throws {
    try Files.write(text, to: path)
    Files.setMode(path, 0o644)
  }

  /// Runs a command to its end, whatever that is.
  static func run(
    _ words: [String], in directory: String, environment: [String: String] = [:]
  ) -> CommandOutcome {
    CommandLineRun(
      program: words[0], arguments: words.dropFirst().map { Array($0.utf8) },
      environment: self.environment.merging(environment) { $1 }, directory: directory, input: nil, output: nil,
      scratch: directory
    ).run()
  }

  /// A port of 127.0.0.1 that nobody listens on. It lies below those that the system gives to clients, so that no
  /// connection takes it while a server is down for a moment.
  static func freePort() -> Int {
    while true {
      let port = Int.random(in: 12_000..<32_000)
      if let socket = try? Loopback.listen(on: port) {
        close(socket)
        return port
      }
    }
  }
}

/// What went wrong about a server of the tests.
package struct ServerFailure: Error, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
