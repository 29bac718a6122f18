package import OrchCore
import OrchStore

/// A secret that proves a lease: 256 random bits, written as 64 hexadecimal digits.
package struct Token: Hashable, Sendable {
  package let text: String

  /// A new one, from the system's generator.
  package init() {
    var generator = SystemRandomNumberGenerator()
    self.init(using: &generator)
  }

  /// A new one.
  package init(using generator: inout some RandomNumberGenerator) {
    var bytes = [UInt8]()
    for _ in 0..<4 { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
    text = Hex.encode(bytes)
  }

  /// The token that `text` writes; nil unless it is 64 hexadecimal digits.
  package init?(_ text: String) {
    let lower = text.lowercased()
    guard lower.utf8.count == 64, Hex.decode(lower) != nil else { return nil }
    self.text = lower
  }

  /// What a database keeps of it: the SHA-256 of its 32 bytes.
  package var hash: TokenHash { SHA256.digest(of: Hex.decode(text) ?? []) }
}

/// What a lease file says.
package struct LeaseFile: Sendable {
  package var token: Token
  /// The identity of the database that granted it.
  package var logID: String
  /// Where that database is, without a password.
  package var database: String
  package var agent: String
  package var instance: Instance
  package var host: String
  /// Filled in once the claim is committed; until then the database knows by the token.
  package var session: String?
  package var task: String?
  /// When the file was written, in nanoseconds of the file system's clock.
  package internal(set) var writtenAt: Int64 = 0

  /// The first 16 digits of the token's SHA-256.
  var name: String { String(token.hash.hex.prefix(16)) }

  /// The line that is written before the claim's transaction.
  var claimLine: JSON {
    .object([
      JSONMember(key: "log", value: .string(logID)), JSONMember(key: "database", value: .string(database)),
      JSONMember(key: "agent", value: .string(agent)), JSONMember(key: "instance", value: .string(instance.name)),
      JSONMember(key: "named", value: .bool(instance.isNamed)),
      JSONMember(key: "workTree", value: .bool(instance.isWorkTree)),
      JSONMember(key: "host", value: .string(host)), JSONMember(key: "token", value: .string(token.text))
    ])
  }

  /// The line that is added once it is committed.
  static func grantLine(session: String, task: String) -> JSON {
    .object([
      JSONMember(key: "session", value: .string(session)), JSONMember(key: "task", value: .string(task))
    ])
  }

  init(token: Token, logID: String, database: String, agent: String, instance: Instance, host: String) {
    self.token = token
    self.logID = logID
    self.database = database
    self.agent = agent
    self.instance = instance
    self.host = host
  }

  /// Reads a file: a line of JSON for the claim and, unless the claimer died, one for the grant.
  package init?(_ bytes: [UInt8], writtenAt: Int64) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard
      let first = lines.first, let json = try? JSON.parse(Array(first)),
      let token = json["token"]?.stringValue.flatMap({ Token($0) }), let logID = json["log"]?.stringValue,
      let agent = json["agent"]?.stringValue, let instance = json["instance"]?.stringValue
    else { return nil }
    self.init(
      token: token, logID: logID, database: json["database"]?.stringValue ?? "", agent: agent,
      instance: Instance(
        name: instance, isNamed: json["named"]?.boolValue ?? false, isWorkTree: json["workTree"]?.boolValue ?? false),
      host: json["host"]?.stringValue ?? "")
    self.writtenAt = writtenAt
    if lines.count > 1, let grant = try? JSON.parse(Array(lines[1])) {
      session = grant["session"]?.stringValue
      task = grant["task"]?.stringValue
    }
  }
}
