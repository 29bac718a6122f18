import OrchStore

// References in statements: what a prefetch asks for is part of the same round trip as the look-up of its session or task,
// so there the database resolves the reference. It chooses as `Reference.resolve` does, except that it does not refuse an
// ambiguous one: whoever asks reads the session or task too, and that read refuses it.

extension PostgresTransaction {
  /// The number of the session that a reference names, as SQL: looked up unless its row is known.
  func number(ofSession reference: String, _ values: inout SQLParameters) -> String {
    known(session: reference).map { "\(values.add($0.number))::bigint" }
      ?? Self.number(ofSession: values.add(reference))
  }

  /// The ordinal of the task that a reference names, as SQL: looked up unless its row is known.
  func ordinal(ofTask reference: String, _ values: inout SQLParameters) -> String {
    known(task: reference).map { "\(values.add($0.ordinal))::bigint" } ?? Self.ordinal(ofTask: values.add(reference))
  }

  /// - Parameter reference: a parameter.
  static func number(ofSession reference: String) -> String {
    """
    (SELECT n.number FROM orch.session n WHERE \(isNamed("n.id", "n.log", by: reference))
      ORDER BY n.id = \(reference) DESC, n.log = (SELECT value FROM orch.meta WHERE key = 'log') DESC, n.number LIMIT 1)
    """
  }

  private static func ordinal(ofTask reference: String) -> String {
    """
    (SELECT n.ordinal FROM orch.task n WHERE \(isNamed("n.id", "n.origin", by: reference))
      ORDER BY n.id = \(reference) DESC, n.origin = '' DESC, n.ordinal LIMIT 1)
    """
  }

  /// Whether an id is the reference, or the part of it before the beginning of its log.
  private static func isNamed(_ id: String, _ logID: String, by reference: String) -> String {
    let beginning = "upper(regexp_replace(\(reference), '^.*@', ''))"
    return """
      (\(id) = \(reference) OR (\(id) = regexp_replace(\(reference), '@[^@]*$', '')
        AND \(reference) LIKE '%@%' AND left(\(logID), length(\(beginning))) = \(beginning)))
      """
  }
}
