import OrchApp
package import OrchCore

/// A text with places to fill: a small, logic-less language, a subset of Mustache.
///
/// * `{{name}}`, `{{dotted.name}}`: the value of that name, escaped for the format; `{{.}}` the value that the section
///   is about.
/// * `{{#name}} … {{/name}}`: once for every element of a list, once for an object or a text that is not empty or
///   `true`, else not at all. Inside, names are looked up there first, then further out.
/// * `{{^name}} … {{/name}}`: where `{{#name}}` would be left out.
/// * `{{! comment }}`: nothing.
/// * A line on which nothing but one section tag or comment stands goes altogether.
///
/// There is no way to a value that is not escaped: `{{{name}}}`, `{{&name}}`, partials and other delimiters are refused.
/// Values are never read as templates.
package struct Template: Sendable {
  /// What it is called in errors: the file's name.
  let name: String
  let nodes: [Node]

  indirect enum Node: Sendable {
    case literal(ArraySlice<UInt8>)
    case value(Path)
    case section(Path, isInverted: Bool, [Node])
  }

  /// A dotted name, and the line where it stands.
  struct Path: Sendable {
    /// Empty for `.`.
    let names: [String]
    let line: Int

    var text: String { names.isEmpty ? "." : names.joined(separator: ".") }
  }

  /// How deep sections may stand in one another.
  static let deepest = 32

  /// Reads a template.
  package init(_ bytes: [UInt8], name: String) throws(TemplateError) {
    self.name = name
    var parser = TemplateParser(bytes: bytes, name: name)
    nodes = try parser.nodes()
  }
}

/// What is wrong with a template or a table of words, and where.
package struct TemplateError: Error, Hashable, Sendable {
  /// The file's name.
  package let file: String
  /// From 1.
  package let line: Int
  package let problem: Message

  init(file: String, line: Int, _ problem: Message) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  package var message: Message { .errorTemplate(file: file, line: line, problem: problem) }
}
