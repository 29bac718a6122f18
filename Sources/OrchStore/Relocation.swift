import OrchCore

/// Where a database has gone, or is going: it stays as it is, and only reading it is left.
///
/// It stands in the database itself, and is judged in each transaction that writes: no write is in a database after it
/// was closed.
package struct Relocation: Hashable, Sendable {
  package enum Stage: String, Sendable {
    /// Somebody is copying it. Begun again, the copying ends; given up, the database is as it was.
    case moving
    /// All of it is at the other place.
    case moved
  }

  package var stage: Stage
  /// The address of the other place, without a password.
  package var database: String
  /// Who moves it: of two, the later one.
  package var mover: String

  package init(_ stage: Stage, to database: String, by mover: String) {
    self.stage = stage
    self.database = database
    self.mover = mover
  }

  /// As engines store it.
  package var text: String {
    JSON.object([
      JSONMember(key: "database", value: .string(database)), JSONMember(key: "mover", value: .string(mover)),
      JSONMember(key: "stage", value: .string(stage.rawValue))
    ]).text()
  }

  /// - Throws: `StoreError.corrupt` when it does not read: who knows where the database is?
  package init(text: String) throws(StoreError) {
    guard
      let json = try? JSON.parse(text), let database = json["database"]?.stringValue,
      let mover = json["mover"]?.stringValue, let stage = json["stage"]?.stringValue.flatMap({ Stage(rawValue: $0) })
    else { throw .corrupt(.damageRelocation) }
    self.init(stage, to: database, by: mover)
  }
}
