import OrchCore

/// The schema of a database, and which programs may use it: two numbers beside its own, for readers and for writers.
///
/// A newer program that adds what older ones can do without raises neither, and they go on working.
package struct SchemaNumbers: Hashable, Sendable {
  /// The number of its last migration.
  package var number: Int
  /// The lowest schema number of a program that may read it, and of one that may write it.
  package var lowestReader: Int
  package var lowestWriter: Int

  /// Those of a database that is up to date for this program.
  package static let current: SchemaNumbers = {
    let last = Migration.all.count
    return SchemaNumbers(
      number: last, lowestReader: Migration.all[last - 1].lowestReader,
      lowestWriter: Migration.all[last - 1].lowestWriter)
  }()

  /// The keys of `meta` that hold them.
  package enum Key {
    package static let number = "schema"
    package static let lowestReader = "schema_readers"
    package static let lowestWriter = "schema_writers"
  }

  package init(number: Int, lowestReader: Int, lowestWriter: Int) {
    self.number = number
    self.lowestReader = lowestReader
    self.lowestWriter = lowestWriter
  }

  /// What a database says of itself. One that names no others is for programs of its own number.
  ///
  /// - Parameter value: the value of a key of `meta`.
  package init(number: Int, _ value: (String) -> String?) {
    self.init(
      number: number, lowestReader: value(Key.lowestReader).flatMap { Int($0) } ?? number,
      lowestWriter: value(Key.lowestWriter).flatMap { Int($0) } ?? number)
  }

  package enum Use: Sendable {
    case reading, writing
  }

  /// Why this program may not use such a database; nil when it may.
  ///
  /// - Parameters:
  ///   - program: the numbers of the program.
  ///   - database: names the database in the error.
  package func obstacle(
    to use: Use, of database: String, by program: SchemaNumbers = .current
  ) -> StoreError? {
    guard number >= program.number else {
      return .configuration(.errorOlderSchema(database: database, number: number), hint: .run("init"))
    }
    // Who writes reads, too.
    let lowest = use == .reading ? lowestReader : max(lowestReader, lowestWriter)
    guard number > program.number, lowest > program.number else { return nil }
    let isReadable = use == .writing && lowestReader <= program.number
    return .configuration(
      isReadable
        ? .errorNewerSchemaRead(database: database, number: number, known: program.number)
        : .errorNewerSchema(database: database, number: number, known: program.number),
      hint: .text(.hintNewerOrch))
  }

  /// Stores them in a table of keys and values.
  func record(in meta: String) -> String {
    """
    INSERT INTO \(meta)(key, value) VALUES ('\(Key.number)', '\(number)'), ('\(Key.lowestReader)', '\(lowestReader)'),
      ('\(Key.lowestWriter)', '\(lowestWriter)')
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
    """
  }
}
