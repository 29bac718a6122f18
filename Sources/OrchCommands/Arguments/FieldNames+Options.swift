import OrchRuntime

extension FieldNames {
  /// As the options of the command line: `--max-attempts`.
  static let options = FieldNames { field in
    field.reduce(into: "--") { name, letter in
      if letter.isUppercase { name += "-" }
      name += letter.lowercased()
    }
  }
}
