import Templates

/// A language that texts can be had in: it has a string table, built in or among the user's templates.
package struct Language: Hashable, Sendable {
  /// As locales name it: `en`, `ko`, `pt_BR`.
  package let code: String

  /// The language of JSON and of whatever a table lacks.
  package static let english = Language(code: "en")

  private init(code: String) { self.code = code }

  /// The languages that are built in: one for each `Templates/text.CODE.txt`.
  package static var builtIn: [Language] { Templates.languages.map { Language(code: $0) } }

  /// The language that a name means: `ko`, `KO`, `ko_KR.UTF-8`. Nil where there is no table for it.
  ///
  /// - Parameter directory: where the user's own templates are, with the tables of further languages; see
  ///   `Templates.overrideDirectory`.
  package init?(_ name: String, overridesIn directory: String?) {
    let locale = name.prefix { $0 != "." && $0 != "@" }
    guard !locale.isEmpty, locale.utf8.allSatisfy({ $0.isOfCode }) else { return nil }
    let known = Templates.languages
    for wanted in [String(locale), String(locale.prefix { $0 != "_" && $0 != "-" })] {
      let normal = Self.normalized(wanted)
      if let code = known.first(where: { Self.normalized($0) == normal }) {
        self.init(code: code)
        return
      }
      // `C` and `POSIX` are no languages.
      if wanted.utf8.first?.isLowercase ?? false, Templates.hasOwn(Self.file(wanted), in: directory) {
        self.init(code: wanted)
        return
      }
    }
    return nil
  }

  /// The language that the environment asks for: the first of these variables that is set decides. `LANGUAGE` may list
  /// several languages, of which the first counts that there is a table for.
  package static func preferred(
    overridesIn directory: String?, _ variable: (String) -> String?
  ) -> Language {
    for name in ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"] {
      guard let value = variable(name) else { continue }
      for locale in value.split(separator: ":") {
        if let language = Language(String(locale), overridesIn: directory) { return language }
      }
      return .english
    }
    return .english
  }

  /// The name of its table.
  var file: String { Self.file(code) }

  private static func file(_ code: String) -> String { "text.\(code).txt" }

  private static func normalized(_ code: String) -> String {
    code.lowercased().split(separator: "-").joined(separator: "_")
  }
}

extension UInt8 {
  fileprivate var isLowercase: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }

  fileprivate var isOfCode: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
