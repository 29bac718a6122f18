/// The statements that a backend knows by name: those that a connection sent more than once.
///
/// A name says which text it stands for, so that whoever shares the backend means the same by it. Nothing rests on it:
/// a name that is not known, or is twice, is forgotten with all others, and the transaction runs again without.
struct PreparedStatements {
  /// Whether statements are prepared.
  let isOpen: Bool
  private var seen: Set<String> = []
  private var names: [String: String] = [:]

  init(isOpen: Bool) { self.isOpen = isOpen }

  /// How to send a statement.
  enum Use {
    case plain
    /// It comes again: it gets this name.
    case preparing(String)
    case prepared(String)
  }

  mutating func use(_ text: String) -> Use {
    guard isOpen else { return .plain }
    if let name = names[text] { return .prepared(name) }
    guard !seen.insert(text).inserted, names.count < Self.limit else { return .plain }
    let name = Self.name(of: text)
    names[text] = name
    return .preparing(name)
  }

  /// It was not prepared after all.
  mutating func forget(_ text: String) { names[text] = nil }

  private static let limit = 200

  /// `orch_` and the text's 64 bits by FNV-1a.
  private static func name(of text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return "orch_" + String(hash, radix: 16)
  }
}
