/// A message of PostgreSQL's protocol, version 3: a type, a length, a body. A client's first messages have no type.
struct ProxyMessage {
  /// What it is; 0 for a client's first.
  var type: UInt8
  /// The whole message.
  var bytes: [UInt8]

  var body: ArraySlice<UInt8> { bytes.dropFirst(type == 0 ? 4 : 5) }

  /// What a first message asks for.
  var code: Int { Self.number(body) }

  static let requestsForEncryption = [80_877_103, 80_877_104]
  static let cancelRequest = 80_877_102

  /// Takes the first whole message out of what has been received; nil when none is whole.
  static func take(from buffer: inout [UInt8], typed: Bool) -> ProxyMessage? {
    let head = typed ? 1 : 0
    guard buffer.count >= head + 4 else { return nil }
    let size = head + max(4, number(buffer[head...]))
    guard buffer.count >= size else { return nil }
    defer { buffer.removeFirst(size) }
    return ProxyMessage(type: typed ? buffer[0] : 0, bytes: Array(buffer[..<size]))
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
  }

  /// The texts at the body's beginning, each of which a zero byte ends.
  func texts(_ count: Int) -> [String] {
    body.split(separator: 0, maxSplits: count, omittingEmptySubsequences: false).prefix(count).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// The text of the statement that a client sends to be parsed, in either protocol.
  var statement: String? {
    switch UnicodeScalar(type) {
    case "Q": texts(1).last
    case "P": texts(2).last
    default: nil
    }
  }

  /// Whether a text's last statement is COMMIT.
  static func isCommit(_ text: String) -> Bool {
    let statements = text.split(separator: ";").map { statement in
      statement.split(whereSeparator: \.isWhitespace).joined(separator: " ").uppercased()
    }
    let last = statements.last { !$0.isEmpty } ?? ""
    return last == "END" || last == "COMMIT" || last.hasPrefix("COMMIT AND ") || last == "COMMIT WORK"
      || last == "COMMIT TRANSACTION"
  }
}

/// What one connection's client has sent so far, as far as COMMIT goes.
struct ProxyClientView {
  /// Whether messages have a type: the start-up message is through.
  private(set) var isStarted = false
  /// How many messages the server ends its answer to with ReadyForQuery, the start-up among them.
  private(set) var syncs = 0
  /// Prepared statements by name that are COMMIT.
  private var prepared: Set<String> = []

  /// Notes a message that is forwarded.
  ///
  /// - Returns: whether it commits, or its execution at the end of the pipeline does.
  mutating func sees(_ message: ProxyMessage) -> Bool {
    switch UnicodeScalar(message.type) {
    case "\0":
      isStarted = true
      syncs += 1
      return false
    case "Q":
      syncs += 1
      return ProxyMessage.isCommit(message.texts(1)[0])
    case "S", "F":
      syncs += 1
      return false
    case "P":
      let texts = message.texts(2)
      guard texts.count == 2 else { return false }
      let commits = ProxyMessage.isCommit(texts[1])
      if texts[0].isEmpty { return commits }
      if commits { prepared.insert(texts[0]) } else { prepared.remove(texts[0]) }
      return false
    case "B":
      let texts = message.texts(2)
      return texts.count == 2 && prepared.contains(texts[1])
    default:
      return false
    }
  }
}
