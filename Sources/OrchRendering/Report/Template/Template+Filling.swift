import OrchCore

extension Template {
  /// The text, with every value escaped for `language`.
  ///
  /// - Throws: where a name stands that nothing goes by, or a list or an object where a text belongs.
  package func filled(_ context: TemplateValue, in language: MarkupLanguage) throws(TemplateError) -> String {
    var filling = TemplateFilling(file: name, language: language)
    try filling.write(nodes, [context])
    return String(decoding: filling.bytes, as: UTF8.self)
  }
}

private struct TemplateFilling {
  let file: String
  let language: MarkupLanguage
  var bytes: [UInt8] = []

  init(file: String, language: MarkupLanguage) {
    self.file = file
    self.language = language
  }

  /// - Parameter scopes: what names are looked up in, the innermost last.
  mutating func write(_ nodes: [Template.Node], _ scopes: [TemplateValue]) throws(TemplateError) {
    for node in nodes {
      switch node {
      case .literal(let literal): bytes += literal
      case .value(let path):
        switch try value(path, scopes) {
        case .nothing: break
        case .text(let text): bytes += language.line(text).utf8
        case .code(let text): bytes += language.code(text).utf8
        case .block(let text): bytes += language.block(text).utf8
        case .comment(let text): bytes += language.comment(text).utf8
        case .markup(let markup): bytes += markup.text.utf8
        case .flag, .list, .object: throw error(path, .templateNoText(name: path.text, tag: "{{#\(path.text)}}"))
        }
      case .section(let path, isInverted: true, let inner):
        if try value(path, scopes).isEmpty { try write(inner, scopes) }
      case .section(let path, isInverted: false, let inner):
        let value = try value(path, scopes)
        guard !value.isEmpty else { continue }
        if case .list(let elements) = value {
          for element in elements { try write(inner, scopes + [element]) }
        } else {
          try write(inner, scopes + [value])
        }
      }
    }
  }

  private func value(_ path: Template.Path, _ scopes: [TemplateValue]) throws(TemplateError) -> TemplateValue {
    guard let first = path.names.first else { return scopes[scopes.count - 1] }
    for scope in scopes.reversed() {
      guard case .object(let members) = scope, var value = members[first] else { continue }
      for name in path.names.dropFirst() {
        switch value {
        case .object(let members):
          guard let member = members[name] else { throw error(path, .templateUnknownName(name: path.text)) }
          value = member
        case .nothing: return .nothing
        default: throw error(path, .templateUnknownName(name: path.text))
        }
      }
      return value
    }
    throw error(path, .templateUnknownName(name: path.text))
  }

  private func error(_ path: Template.Path, _ problem: Message) -> TemplateError {
    TemplateError(file: file, line: path.line, problem)
  }
}
