import OrchApp
import OrchCore
import OrchSystem
import SystemPackage

/// Reads values that a caller gives as they are, as `@FILE`, or as `-` for standard input.
package struct InputReader: Sendable {
  private let workspace: Workspace
  private let standardInput: @Sendable (_ limit: Int) throws -> [UInt8]

  /// - Parameter standardInput: reads what `-` stands for; throws `.fileTooLarge` when it is longer than the limit.
  package init(
    _ workspace: Workspace,
    standardInput: @escaping @Sendable (_ limit: Int) throws -> [UInt8] = { try FileIO.read(.standardInput, limit: $0) }
  ) {
    self.workspace = workspace
    self.standardInput = standardInput
  }

  /// A text of any number of lines; an empty one clears.
  package func text(_ word: String, _ field: String) throws -> String? {
    try Validated.text(contents(word, field, limit: TextRules.maxBytes), field)
  }

  /// A text that has to say something: nil for an empty and for a blank one.
  package func words(_ word: String, _ field: String) throws -> String? {
    guard let text = try text(word, field), !text.allSatisfy(\.isWhitespace) else { return nil }
    return text
  }

  /// JSON without white space between tokens. An empty one clears.
  package func json(_ word: String, _ field: String) throws -> String? {
    try Validated.json(contents(word, field, limit: 1 << 20), field)
  }

  private func contents(_ word: String, _ field: String, limit: Int) throws -> String {
    if word == "-" { return try file("-", field, limit: limit) }
    return word.hasPrefix("@") ? try file(String(word.dropFirst()), field, limit: limit) : word
  }

  /// A file's text; `-` is standard input.
  ///
  /// - Parameter limit: in bytes.
  package func file(_ path: String, _ field: String, limit: Int) throws -> String {
    let name: Message = path == "-" ? .nameStandardInput : Message(verbatim: path)
    let bytes: [UInt8]
    do {
      bytes = path == "-" ? try standardInput(limit) : try FileIO.read(workspace.absolute(path), limit: limit)
    } catch Errno.fileTooLarge {
      throw OrchError.invalid(.errorTooLong(what: field, name: name, limit: limit))
    } catch {
      throw OrchError.invalid(.errorCannotReadFile(what: field, path: name, detail: "\(error)"))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw OrchError.invalid(.errorNoUtf(what: field, name: name))
    }
    guard !bytes.contains(0) else { throw OrchError.invalid(.errorHoldsNul(what: field, name: name)) }
    return text
  }
}
