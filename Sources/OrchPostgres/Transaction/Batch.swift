import OrchStore

/// Statements that change different rows, and of which none reads what another changes: they go out as one, which costs
/// the server and us as much as one.
struct Batch {
  private var parts: [String] = []
  private var values: [String?] = []
  /// The part that has to change a row.
  private var needed: Int?

  /// A statement of more parts than this is one that is planned for long.
  private static let limit = 16

  var isEmpty: Bool { parts.isEmpty }
  var isFull: Bool { parts.count >= Self.limit }

  /// Adds a statement.
  ///
  /// - Parameters:
  ///   - isNeeded: whether everything fails unless it changes a row; of one at most.
  ///   - text: makes the statement of the parameters that stand for the values.
  mutating func add(_ new: [String?], isNeeded: Bool = false, _ text: (Parameters) -> String) {
    if isNeeded { needed = parts.count }
    parts.append(text(Parameters(first: values.count + 1)))
    values += new
  }

  /// The parameters of one part, counted from 0.
  struct Parameters {
    fileprivate let first: Int

    subscript(index: Int) -> String { "$\(first + index)" }

    /// As many, with commas between.
    func list(_ count: Int) -> String { (0..<count).map { self[$0] }.joined(separator: ", ") }

    /// Assignments to columns, the first of the parameter `index`.
    func set(_ columns: [Column], from index: Int) -> String { columns.assignments("$", from: first + index) }
  }

  /// All of them as one statement; nothing is left.
  mutating func take(_ capabilities: Capabilities) -> Query {
    defer { self = Batch() }
    var parts = parts
    let last: String
    if let needed {
      parts[needed] += " RETURNING 1"
      last = Requirement.oneRow(of: "part\(needed)", capabilities)
    } else {
      last = parts.removeLast()
    }
    let named = parts.enumerated().map { "part\($0) AS (\($1))" }
    return Query(named.isEmpty ? last : "WITH \(named.joined(separator: ",\n"))\n\(last)", values: values)
  }
}
