package import OrchCore

/// Something that is stored in columns.
///
/// `columns` is the one description of what is persisted of it. Select lists, reads, parameters, updates and comparisons
/// follow from it. Columns are found by their names, never by their order in the database.
package protocol ColumnRecord {
  /// A value to read into.
  static var blank: Self { get }

  /// Names each column, in the order of select lists and parameters, with the property that it holds.
  mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn)
}

extension ColumnRecord {
  /// The columns of some kinds, the derived ones too.
  package static func columns(_ kinds: ColumnKind = .all) -> [Column] {
    var pass = ColumnPass(.list, kinds)
    blank.visited(by: &pass)
    return pass.listed
  }

  /// The columns that are read: all but the derived ones.
  package static var selected: [Column] { columns().filter { !$0.isDerived } }

  /// Reads the next columns of a row: those of `selected`.
  package init(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    self = Self.blank
    try columns(&pass)
  }

  /// Writes the columns of some kinds, from a statement's parameter `first` on.
  package func write(_ kinds: ColumnKind = .all, to parameters: any ColumnWriter, from first: Int = 1) {
    var pass = ColumnPass(.write(parameters), kinds, index: first)
    visited(by: &pass)
  }

  /// What the columns of some kinds hold, in their order.
  package func storedValues(_ kinds: ColumnKind = .all) -> [StoredValue] {
    var pass = ColumnPass(.collect, kinds)
    visited(by: &pass)
    return pass.collected
  }

  /// The names of the columns in which a row differs from what replaying the log gives.
  package func differingColumns(fromReplay replay: Self) -> [String] {
    let (stored, replayed) = (storedValues(), replay.storedValues())
    guard stored != replayed else { return [] }
    return zip(Self.columns(), zip(stored, replayed))
      .filter { !$0.kind.contains(.unreplayed) && $1.0 != $1.1 }.map(\.0.name)
  }

  private func visited(by pass: inout ColumnPass) {
    var copy = self
    do {
      try copy.columns(&pass)
    } catch {
      preconditionFailure("only reading a row fails")
    }
  }
}

/// One pass over the columns of a record: to list them, to read or write them, or to collect what they hold.
package struct ColumnPass {
  fileprivate enum Mode {
    case list
    case read(any ColumnReader)
    case write(any ColumnWriter)
    case collect
  }

  private let mode: Mode
  private let kinds: ColumnKind
  /// The next column of the row, or parameter of the statement.
  package private(set) var index: Int
  /// Whether the part at hand may be absent, and whether it is.
  private var isOptional = false
  private var isAbsent = false
  fileprivate private(set) var listed: [Column] = []
  fileprivate private(set) var collected: [StoredValue] = []

  fileprivate init(_ mode: Mode, _ kinds: ColumnKind, index: Int = 0) {
    self.mode = mode
    self.kinds = kinds
    self.index = index
    switch mode {
    case .list: listed.reserveCapacity(64)
    case .collect: collected.reserveCapacity(64)
    case .read, .write: break
    }
  }

  /// Reads a row from a column on.
  package init(reading row: any ColumnReader, from index: Int = 0) { self.init(.read(row), .all, index: index) }

  /// Whether the record is read, so that what it holds does not matter.
  package var isReading: Bool { if case .read = mode { true } else { false } }

  /// Whether the next column of the row that is read is NULL.
  private var isNull: Bool { if case .read(let row) = mode { row.isNull(index) } else { false } }

  // MARK: Stored types

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Int64) throws(UnreadableColumn) {
    if let row = next(name, .integer, false, kind, { .integer(value) }, { $0.write(value, at: $1) }) {
      value = row.integer(index - 1)
    }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Int64?) throws(UnreadableColumn) {
    if let row = next(
      name, .integer, true, kind, { value.map { .integer($0) } ?? .null }, { $0.write(optional: value, at: $1) })
    {
      value = row.isNull(index - 1) ? nil : row.integer(index - 1)
    }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Bool) throws(UnreadableColumn) {
    if let row = next(name, .boolean, false, kind, { .boolean(value) }, { $0.write(value, at: $1) }) {
      value = row.boolean(index - 1)
    }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout String) throws(UnreadableColumn) {
    if let row = next(name, .text, false, kind, { .text(value) }, { $0.write(value, at: $1) }) {
      value = row.text(index - 1)
    }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout String?) throws(UnreadableColumn) {
    if let row = next(
      name, .text, true, kind, { value.map { .text($0) } ?? .null }, { $0.write(optional: value, at: $1) })
    {
      value = row.isNull(index - 1) ? nil : row.text(index - 1)
    }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Digest) throws(UnreadableColumn) {
    guard let row = next(name, .bytes, false, kind, { .bytes(value) }, { $0.write(value, at: $1) }) else { return }
    guard let digest = row.digest(index - 1) else { throw UnreadableColumn(name) }
    value = digest
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Digest?) throws(UnreadableColumn) {
    guard
      let row = next(
        name, .bytes, true, kind, { value.map { .bytes($0) } ?? .null }, { $0.write(optional: value, at: $1) })
    else { return }
    guard !row.isNull(index - 1) else { return value = nil }
    guard let digest = row.digest(index - 1) else { throw UnreadableColumn(name) }
    value = digest
  }

  /// A column that follows from others, for an index to look at: it is written, and never read.
  package mutating func derived(_ name: String, _ kind: ColumnKind, _ value: @autoclosure () -> String) {
    if !isReading {
      _ = next(name, .text, false, kind, isDerived: true, { .text(value()) }, { $0.write(value(), at: $1) })
    }
  }

  package mutating func derived(_ name: String, _ kind: ColumnKind, optional value: @autoclosure () -> String?) {
    if !isReading {
      _ = next(
        name, .text, true, kind, isDerived: true, { value().map { .text($0) } ?? .null },
        { $0.write(optional: value(), at: $1) })
    }
  }

  package mutating func derived(_ name: String, _ kind: ColumnKind, _ value: @autoclosure () -> Int) {
    if !isReading {
      _ = next(
        name, .integer, false, kind, isDerived: true, { .integer(Int64(value())) }, { $0.write(Int64(value()), at: $1) }
      )
    }
  }

  private func visits(_ kind: ColumnKind) -> Bool { !kinds.isDisjoint(with: kind) }

  /// Goes on to the next column, and does with it what the pass is for.
  ///
  /// - Parameters:
  ///   - stored: gives what it holds.
  ///   - write: writes that to a parameter of a statement.
  /// - Returns: the row to read the column before `index` of; nil where nothing is to be read.
  @inline(__always)
  private mutating func next(
    _ name: String, _ type: ColumnType, _ isNullable: Bool, _ kind: ColumnKind, isDerived: Bool = false,
    _ stored: () -> StoredValue, _ write: (any ColumnWriter, Int) -> Void
  ) -> (any ColumnReader)? {
    guard visits(kind) else { return nil }
    index += 1
    switch mode {
    case .read(let row): return isAbsent ? nil : row
    case .write(let parameters):
      if isAbsent { parameters.writeNull(at: index - 1) } else { write(parameters, index - 1) }
    case .collect: collected.append(isAbsent ? .null : stored())
    case .list:
      listed.append(
        Column(name: name, type: type, isNullable: isNullable || isOptional, kind: kind, isDerived: isDerived))
    }
    return nil
  }

  // MARK: Values made of them

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Int) throws(UnreadableColumn) {
    var stored = Int64(value)
    try column(name, kind, &stored)
    if isReading { value = Int(truncatingIfNeeded: stored) }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Int?) throws(UnreadableColumn) {
    var stored = value.map { Int64($0) }
    try column(name, kind, &stored)
    if isReading { value = stored.map { Int(truncatingIfNeeded: $0) } }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Instant) throws(UnreadableColumn) {
    var stored = value.milliseconds
    try column(name, kind, &stored)
    if isReading { value = Instant(milliseconds: stored) }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Instant?) throws(UnreadableColumn) {
    var stored = value?.milliseconds
    try column(name, kind, &stored)
    if isReading { value = stored.map { Instant(milliseconds: $0) } }
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout TaskState) throws(UnreadableColumn) {
    var stored = value.rawValue
    try column(name, kind, &stored)
    guard isReading, !isAbsent else { return }
    guard let state = stored.withUTF8({ TaskState(utf8: $0) }) else { throw UnreadableColumn(name) }
    value = state
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout [String]) throws(UnreadableColumn) {
    guard visits(kind) else { return }
    var stored = isReading ? nil : TextList.stored(value)
    try column(name, kind, &stored)
    guard isReading, !isAbsent else { return }
    guard let list = TextList.list(stored: stored) else { throw UnreadableColumn(name) }
    value = list
  }

  package mutating func column(
    _ name: String, _ kind: ColumnKind, _ value: inout [PassedCheck]
  ) throws(UnreadableColumn) {
    guard visits(kind) else { return }
    var stored = isReading ? nil : PassedCheck.stored(value)
    try column(name, kind, &stored)
    guard isReading, !isAbsent else { return }
    guard let list = PassedCheck.list(stored: stored) else { throw UnreadableColumn(name) }
    value = list
  }

  package mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout Review) throws(UnreadableColumn) {
    guard visits(kind) else { return }
    var stored = isReading ? nil : value.stored
    try column(name, kind, &stored)
    guard isReading, !isAbsent else { return }
    guard let review = Review(stored: stored) else { throw UnreadableColumn(name) }
    value = review
  }

  // MARK: Parts that are there or not, as a whole

  /// A part whose columns are all NULL where it is not there. Its first column is never NULL where it is.
  package mutating func part<Part: ColumnRecord>(_ part: inout Part?) throws(UnreadableColumn) {
    isOptional = true
    defer { isOptional = false }
    try visit(&part, isPresent: isReading ? !isNull : part != nil)
  }

  /// A part all of whose columns may be NULL: a column beside them says whether it is there.
  package mutating func part<Part: ColumnRecord>(
    _ part: inout Part?, flag: String, _ kind: ColumnKind
  ) throws(UnreadableColumn) {
    var isPresent = part != nil
    try column(flag, kind, &isPresent)
    try visit(&part, isPresent: isPresent)
  }

  private mutating func visit<Part: ColumnRecord>(_ part: inout Part?, isPresent: Bool) throws(UnreadableColumn) {
    isAbsent = !isPresent
    defer { isAbsent = false }
    var value = part ?? Part.blank
    try value.columns(&self)
    if isReading { part = isPresent ? value : nil }
  }
}

extension TaskState {
  /// The state that a column names in UTF-8.
  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    // The first letter tells all but two apart.
    let state: TaskState
    switch bytes.first {
    case UInt8(ascii: "q"): state = .queued
    case UInt8(ascii: "r"): state = bytes.count == 7 ? .running : .review
    case UInt8(ascii: "o"): state = .offered
    case UInt8(ascii: "d"): state = bytes.last == UInt8(ascii: "e") ? .done : .dead
    case UInt8(ascii: "c"): state = .cancelled
    default: return nil
    }
    guard state.rawValue.utf8.elementsEqual(bytes) else { return nil }
    self = state
  }
}
