package import OrchCore

/// One column of a table.
package struct Column: Hashable, Sendable {
  package let name: String
  package let type: ColumnType
  package let isNullable: Bool
  package let kind: ColumnKind
  /// Whether it is only written: it follows from others, for an index to look at.
  package let isDerived: Bool
}

/// How a column stores its values. Each engine has a type of its own for it.
package enum ColumnType: Sendable {
  case integer, boolean, text, bytes
}

/// What changes a column.
package struct ColumnKind: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It changes while a task is worked on: every update of a row writes it. No index but that of a state mentions it.
  package static let hot = ColumnKind(rawValue: 1)
  /// The update of the whole row writes it, and the narrow one of the hot columns does not.
  package static let cold = ColumnKind(rawValue: 2)
  /// No update writes it: it never changes, or by statements of its own.
  package static let fixed = ColumnKind(rawValue: 4)
  /// The renewal of a lease writes it.
  package static let renewal = ColumnKind(rawValue: 8)
  /// Replaying the log does not give it again.
  package static let unreplayed = ColumnKind(rawValue: 16)

  package static let updated: ColumnKind = [.hot, .cold]
  package static let all: ColumnKind = [.hot, .cold, .fixed]
}

/// One row of a result. Columns count from 0, in the order of the statement's select list.
///
/// NULL reads as 0, false or empty text.
package protocol ColumnReader: AnyObject {
  func isNull(_ index: Int) -> Bool
  func integer(_ index: Int) -> Int64
  func boolean(_ index: Int) -> Bool
  func text(_ index: Int) -> String
  /// Nil unless there are exactly 32 bytes.
  func digest(_ index: Int) -> Digest?
}

/// The parameters of a statement, by their numbers.
package protocol ColumnWriter: AnyObject {
  func writeNull(at index: Int)
  func write(_ value: Int64, at index: Int)
  func write(_ value: Bool, at index: Int)
  func write(_ value: String, at index: Int)
  func write(_ value: Digest, at index: Int)
}

extension ColumnWriter {
  func write(optional value: Int64?, at index: Int) {
    if let value { write(value, at: index) } else { writeNull(at: index) }
  }

  func write(optional value: String?, at index: Int) {
    if let value { write(value, at: index) } else { writeNull(at: index) }
  }

  func write(optional value: Digest?, at index: Int) {
    if let value { write(value, at: index) } else { writeNull(at: index) }
  }
}

/// What is stored in a column is not a value of it.
package struct UnreadableColumn: Error {
  package let name: String

  package init(_ name: String) { self.name = name }
}

/// A value as it is stored.
package enum StoredValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case boolean(Bool)
  case text(String)
  case bytes(Digest)

  package func write(to parameters: any ColumnWriter, at index: Int) {
    switch self {
    case .null: parameters.writeNull(at: index)
    case .integer(let value): parameters.write(value, at: index)
    case .boolean(let value): parameters.write(value, at: index)
    case .text(let value): parameters.write(value, at: index)
    case .bytes(let value): parameters.write(value, at: index)
    }
  }
}

extension [Column] {
  package var names: [String] { map(\.name) }

  /// A select list, or the columns of an insert.
  ///
  /// - Parameter table: the name that the statement gives the table.
  package func list(of table: String? = nil) -> String {
    let prefix = table.map { $0 + "." } ?? ""
    return joined { text, _, column in
      text += prefix
      text += column.name
    }
  }

  /// As many parameters as there are columns: `?3, ?4, …`.
  ///
  /// - Parameters:
  ///   - sign: what the engine's parameters begin with.
  ///   - first: the first number.
  package func parameters(_ sign: String, from first: Int = 1) -> String {
    joined { text, index, _ in
      text += sign
      text += String(first + index)
    }
  }

  /// Assignments of parameters to the columns: `seq = ?3, head = ?4, …`.
  package func assignments(_ sign: String, from first: Int) -> String {
    joined { text, index, column in
      text += column.name
      text += " = "
      text += sign
      text += String(first + index)
    }
  }

  private func joined(_ append: (inout String, Int, Column) -> Void) -> String {
    var text = ""
    text.reserveCapacity(count * 32)
    for index in indices {
      if index > 0 { text += ", " }
      append(&text, index, self[index])
    }
    return text
  }
}
