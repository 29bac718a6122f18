import OrchCore

/// Turns the names of a first-generation database into identifiers, the same name always into the same one.
struct SeedNames {
  private var given: [[UInt8]: String] = [:]
  private var taken: Set<String> = []

  /// The identifier for a name. Bytes that an identifier may not have become `_XX`.
  mutating func identifier(_ name: [UInt8]) -> String {
    if let known = given[name] { return known }
    let text = Self.escaped(name)
    var identifier = text
    var number = 2
    while !taken.insert(identifier).inserted {
      identifier = "\(text.prefix(Identifier.maxScalars - 8))_\(number)"
      number += 1
    }
    given[name] = identifier
    return identifier
  }

  /// The identifier that was given to a name, or nil.
  func known(_ name: [UInt8]) -> String? { given[name] }

  /// An identifier for a name, without regard to others.
  static func escaped(_ name: [UInt8]) -> String {
    if let text = String(validating: name, as: UTF8.self), let whole = try? Identifier.check(text) { return whole }
    var result = ""
    var rest = name[...]
    while !rest.isEmpty {
      let (character, length) = first(rest)
      let isAllowed = character.map { (try? Identifier.check("a\($0)")) != nil } ?? false
      if isAllowed, let character {
        result += character
      } else {
        for byte in rest.prefix(length) { result += "_" + Hex.encode([byte]).uppercased() }
      }
      rest = rest.dropFirst(length)
    }
    if (try? Identifier.check(result)) == nil { result = "x" + result }
    return String(String.UnicodeScalarView(result.nfc.unicodeScalars.prefix(Identifier.maxScalars)))
  }

  /// The first UTF-8 sequence, as text when it is whole.
  private static func first(_ bytes: ArraySlice<UInt8>) -> (String?, Int) {
    for length in 1...4 where length <= bytes.count {
      if let text = String(validating: bytes.prefix(length), as: UTF8.self) { return (text, length) }
    }
    return (nil, 1)
  }
}
