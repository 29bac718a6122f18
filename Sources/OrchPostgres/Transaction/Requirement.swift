/// What a statement expects of a row that it changes: that it is there, as it was read.
///
/// A wait for the answer would cost a round trip. So the statement itself fails otherwise, as a conflict, and with it its
/// transaction.
enum Requirement {
  /// Selects from a part of the statement that returns a row for each one that it changes; fails unless there is one.
  static func oneRow(of part: String, _ capabilities: Capabilities) -> String {
    let holds =
      capabilities.contains(.triggers)
      ? "orch.require(holds)"
      // Without functions: a value of which there are two, where only one may be.
      : "(SELECT n FROM (VALUES (1), (2)) AS two(n) WHERE n = 1 OR NOT holds)"
    return "SELECT \(holds) FROM (SELECT count(*) = 1 AS holds FROM \(part)) AS required"
  }

  /// The failures that mean it: our own, and that a subquery gave more than one row.
  static let states = ["ORC01", "21000"]
}
