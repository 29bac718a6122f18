import CLibPQ
import OrchCore

/// Where a database is, as the user wrote it and as it may be shown.
struct Address: Sendable {
  /// As given, a password included: for libpq alone.
  let text: String
  /// Without a password: for everything else.
  let shown: String
  /// Whether the text holds a password.
  let hasPassword: Bool

  /// Whether a text is an address of a server, and not a path.
  static func isOne(_ text: String) -> Bool {
    text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") || text.hasPrefix("service=")
  }

  init(_ text: String) throws(PostgresFailure) {
    self.text = text
    let pq = try PQLibrary.functions()
    guard Self.hasPlainSigns(text) else {
      throw PostgresFailure(.address, .postgresPasswordSigns)
    }
    var message: UnsafeMutablePointer<CChar>?
    guard let options = pq.conninfoParse(text, &message) else {
      defer { pq.freemem(message) }
      // libpq may quote what it could not read, and that may be the password.
      throw PostgresFailure(
        .address,
        text.utf8.contains(UInt8(ascii: "@"))
          ? .postgresNoAddress : Message(verbatim: message.map { Self.line($0) } ?? ""))
    }
    defer { pq.conninfoFree(options) }
    var values: [(key: String, value: String)] = []
    var index = 0
    while let keyword = options[index].keyword {
      if let value = options[index].val, value[0] != 0 {
        values.append((String(cString: keyword), String(cString: value)))
      }
      index += 1
    }
    // libpq would quote it, and it may be the end of a password.
    let ports = values.first { $0.key == "port" }?.value ?? ""
    guard ports.allSatisfy({ $0 == "," || ("0"..."9").contains($0) }) else {
      throw PostgresFailure(.address, .postgresPort)
    }
    let secrets = ["password", "sslpassword"]
    hasPassword = values.contains { secrets.contains($0.key) }
    let open = values.filter { !secrets.contains($0.key) }
    shown = text.hasPrefix("service=") ? Self.keywords(open) : Self.url(open)
  }

  /// Whether an address has at most one @, in front of the host: else libpq takes the end of a password for a host, a
  /// port or a database, and names it in what it says.
  private static func hasPlainSigns(_ text: String) -> Bool {
    guard let start = text.firstIndex(of: "/"), text.hasPrefix("postgres") else { return true }
    let place = text[start...].dropFirst(2).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let path = place.count > 1 ? place[1].prefix { $0 != "?" } : ""
    return (place.first ?? "").count { $0 == "@" } < 2 && !path.utf8.contains(UInt8(ascii: "@"))
  }

  private static func line(_ message: UnsafePointer<CChar>) -> String {
    String(String(cString: message).prefix { $0 != "\n" })
  }

  private static func keywords(_ values: [(key: String, value: String)]) -> String {
    let service = values.filter { $0.key == "service" }
    return (service + values.filter { $0.key != "service" }).map { key, value in
      let isPlain = value.allSatisfy { !$0.isWhitespace && $0 != "'" && $0 != "\\" }
      let quoted = value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
      return "\(key)=\(isPlain ? value : "'\(quoted)'")"
    }.joined(separator: " ")
  }

  private static func url(_ values: [(key: String, value: String)]) -> String {
    func value(_ key: String) -> String? { values.first { $0.key == key }?.value }
    let hosts = (value("host") ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let ports = (value("port") ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let places = hosts.enumerated().map { index, host in
      let port = ports.count == hosts.count ? ports[index] : ports.first ?? ""
      let escaped = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : PercentEncoding.encode(String(host))
      return port.isEmpty ? escaped : "\(escaped):\(port)"
    }
    let user = value("user").map { PercentEncoding.encode($0) + "@" } ?? ""
    let rest = values.filter { !["host", "port", "user", "dbname"].contains($0.key) }
      .map { "\($0.key)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    return
      "postgres://\(user)\(places.joined(separator: ","))/\(value("dbname").map { PercentEncoding.encode($0) } ?? "")\(rest.isEmpty ? "" : "?\(rest)")"
  }
}
