/// Which form of a text a number chooses. A table names its language's rule as `language.plurals`.
enum PluralRule {
  /// Every number has the same form: Korean, Japanese.
  case none
  /// One thing has a form of its own: English, German.
  case one

  enum Form: String, CustomStringConvertible {
    case one, other

    var description: String { rawValue }
  }

  /// - Parameter forms: the forms that a language has, `one other` or `other`; anything else is the latter.
  init(_ forms: String?) { self = forms == "one other" ? .one : .none }

  func form(_ count: Int) -> Form {
    switch self {
    case .none: .other
    case .one: count == 1 ? .one : .other
    }
  }
}
