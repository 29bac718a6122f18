import OrchCore
import CLibPQ
import OrchSystem
import SystemPackage

extension PostgresConnection {
  /// Connects, as libpq reads the address: its password file, its service file and its variables count.
  static func connect(
    _ address: Address, until deadline: ContinuousClock.Instant
  ) throws(PostgresFailure) -> PostgresConnection {
    let pq = try PQLibrary.functions()
    let keywords = ["dbname", "fallback_application_name", "client_encoding"]
    let values = [address.text, "orch", "UTF8"]
    let handle = withCStrings(keywords) { keywords in
      withCStrings(values) { values in pq.connectStartParams(keywords, values, 1) }
    }
    guard let handle else { throw PostgresFailure(.io, .postgresNoMemory) }
    let connection = PostgresConnection(pq, handle)
    // Also what the server says while it connects then comes with its SQLSTATE.
    _ = pq.setErrorVerbosity(handle, PQERRORS_VERBOSE)
    orch_pq_silence(pq, handle)
    try connection.finishConnecting(deadline)
    _ = pq.setErrorVerbosity(handle, PQERRORS_TERSE)
    guard pq.setnonblocking(handle, 1) == 0, pq.enterPipelineMode(handle) == 1 else {
      throw PostgresFailure(.connection, .postgresNoPipeline)
    }
    return connection
  }

  private func finishConnecting(_ deadline: ContinuousClock.Instant) throws(PostgresFailure) {
    var last = CONNECTION_NEEDED
    var events = FileDescriptor.Readiness.writing
    guard pq.status(handle) != CONNECTION_BAD else { throw connectFailure(last) }
    while true {
      guard try Socket.wait(pq.socket(handle), for: events, until: deadline) else {
        throw PostgresFailure(.timeout, .postgresConnectTimeout)
      }
      let status = pq.status(handle)
      if status != CONNECTION_BAD { last = status }
      switch pq.connectPoll(handle) {
      case PGRES_POLLING_READING: events = .reading
      case PGRES_POLLING_WRITING: events = .writing
      case PGRES_POLLING_OK: return
      default: throw connectFailure(last)
      }
    }
  }

  /// - Parameter last: the last stage that was reached.
  private func connectFailure(_ last: ConnStatusType) -> PostgresFailure {
    let text = pq.errorMessage(handle).map { String(cString: $0) } ?? ""
    let lines = text.split(separator: "\n")
    let line = lines.first.map { Message(verbatim: String($0)) } ?? .postgresConnectionFailed
    // The server's own words: `SEVERITY:  SQLSTATE: message`.
    for line in lines {
      let parts = line.split(separator: ":", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated().dropFirst() {
        let state = part.drop { $0 == " " }
        guard index + 1 < parts.count, Self.isState(state) else { continue }
        let message = parts[(index + 1)...].joined(separator: ":").drop { $0 == " " }
        return PostgresFailure(state: String(state), message: String(message))
      }
    }
    // The server asked for a password and nobody has one: it says nothing more.
    if pq.connectionNeedsPassword(handle) == 1 {
      return PostgresFailure(.authentication, .postgresNoPassword)
    }
    // Certificates are checked in this stage, where they are asked for.
    let mode = option("sslmode") ?? ""
    if last == CONNECTION_SSL_STARTUP, mode == "require" || mode.hasPrefix("verify") {
      return PostgresFailure(.encryption, line)
    }
    // What names no host did not get so far as to look for one: a service that is not there, a value that is none.
    if last == CONNECTION_NEEDED, pq.host(handle).map({ $0[0] == 0 }) ?? true { return PostgresFailure(.address, line) }
    return PostgresFailure(.connection, line)
  }

  /// Whether a word is a SQLSTATE: a severity may be as long, but has no digit.
  private static func isState(_ word: Substring) -> Bool {
    word.utf8.count == 5 && word.contains(where: \.isNumber)
      && word.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
  }
}

/// Runs `body` with a null-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
  CStrings.withPointers(to: strings, body)
}

extension PostgresConnection {
  /// Whether the server is reached through a network.
  var isRemote: Bool {
    let host = pq.host(handle).map { String(cString: $0) } ?? ""
    return
      !(host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" || host == "::1"
      || host.hasPrefix("127."))
  }

  var isEncrypted: Bool { pq.sslInUse(handle) == 1 }

  /// Whether it is checked that the server is the one that was asked for.
  var isVerified: Bool { isEncrypted && option("sslmode") == "verify-full" }

  /// An option of the connection, wherever libpq had it from.
  private func option(_ name: String) -> String? {
    guard let options = pq.conninfo(handle) else { return nil }
    defer { pq.conninfoFree(options) }
    var index = 0
    while let keyword = options[index].keyword {
      if String(cString: keyword) == name { return options[index].val.map { String(cString: $0) } }
      index += 1
    }
    return nil
  }
}
