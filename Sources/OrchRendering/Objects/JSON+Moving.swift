package import OrchApp
package import OrchCore

extension JSON {
  package static func exported(_ exported: Exported) -> JSON {
    .object(["file": .string(exported.file), "events": .int(exported.events)])
  }

  package static func imported(_ imported: Imported) -> JSON {
    .object([
      "events": .int(imported.events), "skipped": .int(imported.skipped), "sessions": .int(imported.sessions),
      "created": .int(imported.created), "held": .strings(imported.held)
    ])
  }

  package static func moved(_ moved: Moved) -> JSON {
    .object([
      "database": .string(moved.database), "engine": .string(moved.engine), "log": .string(moved.logID),
      "events": .int(moved.events), "skipped": .int(moved.skipped), "sessions": .int(moved.sessions),
      "held": .int(moved.held), "leaseFiles": .int(moved.leaseFiles), "head": .string(moved.head)
    ])
  }

  /// - Parameter database: where it would have gone.
  package static func undoneMove(_ database: String) -> JSON {
    .object(["undone": .bool(true), "database": .string(database)])
  }
}
