import OrchRendering

/// A completion script whose descriptions come from the string tables.
enum CompletionScript {
  /// ArgumentParser writes the keys of the texts where it describes commands and options: they are replaced here.
  ///
  /// - Parameter script: as ArgumentParser writes it.
  static func filled(_ script: String, _ strings: StringTable) -> String {
    let isFish = script.contains("complete -c")
    var result = ""
    var rest = script[...]
    while let start = rest.firstRange(ofKey: "help.") {
      result += rest[..<start]
      let key = rest[start...].prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }
      rest = rest[start...].dropFirst(key.count)
      result += strings.text(String(key)).map { isFish ? fish($0) : zsh($0) } ?? String(key)
    }
    return result + rest
  }

  /// Inside `'…'` of fish.
  private static func fish(_ text: String) -> String {
    text.map { $0 == "\\" || $0 == "'" ? "\\\($0)" : String($0) }.joined()
  }

  /// Inside `'…[…]…'` of zsh.
  private static func zsh(_ text: String) -> String {
    text.map { character in
      switch character {
      case "'": "'\\''"
      case "\\", ":", "[", "]": "\\\(character)"
      default: String(character)
      }
    }.joined()
  }
}

extension Substring {
  /// Where `needle` begins.
  fileprivate func firstRange(ofKey needle: String) -> Index? {
    var start = startIndex
    while let found = self[start...].firstIndex(of: needle.first!) {
      if self[found...].hasPrefix(needle) { return found }
      start = index(after: found)
    }
    return nil
  }
}
