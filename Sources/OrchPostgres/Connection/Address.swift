internal import CLibPQ

/// Where a database is, as the user wrote it and as it may be shown.
struct Address: Sendable {
  /// As given, a password included: for libpq alone.
  let text: String
  /// Without a password: for everything else.
  let shown: String
  /// Whether the text holds a password.
  let hasPassword: Bool

  /// Whether a text is one of ours, and not a path.
  static func isOne(_ text: String) -> Bool {
    text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") || text.hasPrefix("service=")
  }

  init(_ text: String) throws(PostgresFailure) {
    self.text = text
    let pq = try PQLibrary.functions()
    var message: UnsafeMutablePointer<CChar>?
    guard let options = pq.conninfoParse(text, &message) else {
      defer { pq.freemem(message) }
      // libpq may quote what it could not read, and that may be the password.
      throw PostgresFailure(.address, text.contains("@") ? "it is no address that libpq takes" : message.map { Self.line($0) } ?? "")
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
    let secrets: Set<String> = ["password", "sslpassword"]
    hasPassword = values.contains { secrets.contains($0.key) }
    let open = values.filter { !secrets.contains($0.key) }
    shown = text.hasPrefix("service=") ? Self.keywords(open) : Self.url(open)
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
      let escaped = host.contains(":") ? "[\(host)]" : escaped(String(host))
      return port.isEmpty ? escaped : "\(escaped):\(port)"
    }
    let user = value("user").map { escaped($0) + "@" } ?? ""
    let rest = values.filter { !["host", "port", "user", "dbname"].contains($0.key) }
      .map { "\($0.key)=\(escaped($0.value))" }.joined(separator: "&")
    return "postgres://\(user)\(places.joined(separator: ","))/\(value("dbname").map(escaped) ?? "")\(rest.isEmpty ? "" : "?\(rest)")"
  }

  /// Percent-encodes all but what a URL may hold anywhere.
  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain = byte < 128 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      if isPlain || "-._~".utf8.contains(byte) { return String(Character(scalar)) }
      let hex = String(byte, radix: 16, uppercase: true)
      return "%" + (hex.utf8.count < 2 ? "0" + hex : hex)
    }.joined()
  }
}
