import OrchCore
import OrchGit
import OrchStore

extension OrchError {
  /// Whatever was thrown, as the one error that leaves a use case.
  package init(_ error: any Error) {
    switch error {
    case let error as OrchError: self = error
    case let error as StoreError: self.init(error)
    case let error as GitError: self.init(error)
    case let error as TextError: self = .invalid("\(error)")
    case let error as JSONError: self = .invalid("not valid JSON: \(error)")
    default: self.init(.internal, "\(error)")
    }
  }

  init(_ error: GitError) {
    let code: ErrorCode =
      switch error.kind {
      case .noLibrary, .unsupported: .configuration
      case .owner: .permission
      case .notFound: .notFound
      case .ambiguous: .ambiguous
      case .invalid: .usage
      case .failed: .io
      }
    self.init(code, error.message, hint: error.hint ?? (error.kind == .notFound ? "git log --oneline" : nil))
  }

  init(_ error: StoreError) {
    switch error {
    case .absent(let path):
      self.init(.storeUnavailable, "there is no database at \(path)", hint: "orch init")
    case .unavailable(let why, let hint):
      self.init(.storeUnavailable, why, hint: hint ?? "nothing was done; try again")
    case .outcomeUnknown(let why, let hint):
      self.init(.outcomeUnknown, why, hint: hint)
    case .corrupt(let why):
      self.init(.storeCorrupt, why, hint: "orch verify")
    case .io(let why):
      self.init(.io, why, hint: "free some space, or check the disk; nothing was done")
    case .permission(let why, let hint):
      self.init(.permission, why, hint: hint ?? "check who owns the file and its directory")
    case .configuration(let why, let hint):
      self.init(.configuration, why, hint: hint)
    case .moved(let relocation):
      self.init(relocation)
    case .ambiguous(let name, let names):
      self = .ambiguous(name, names)
    case .notUnderstood(let session):
      self.init(
        .configuration,
        "a newer orch wrote events of the session \(session.shownID) that this one does not understand: they need the "
          + "vocabulary \(session.neededVocabulary), this one has \(EventVocabulary.current)",
        hint: "upgrade this orch; orch log --session \(session.shownID) shows them",
        details: [
          JSONMember(key: "session", value: .string(session.shownID)),
          JSONMember(key: "neededVocabulary", value: .int(session.neededVocabulary)),
          JSONMember(key: "vocabulary", value: .int(EventVocabulary.current))
        ])
    case .conflict:
      self.init(.storeUnavailable, "others kept changing the same session", hint: "nothing was done; try again")
    case .internal(let why):
      self.init(.internal, why)
    }
  }
}

extension OrchError {
  /// Writing to a database that went elsewhere.
  init(_ relocation: Relocation) {
    switch relocation.stage {
    case .moved:
      self.init(
        .configuration, "this database was moved to \(relocation.database), and is only read here",
        hint: "--database \(relocation.database), or ORCH_DATABASE_URL", details: relocation.details)
    case .moving:
      self.init(
        .configuration, "this database is being moved to \(relocation.database), and is only read meanwhile",
        hint:
          "try again in a moment; should that move have died: orch move --to \(relocation.database), or orch move --undo",
        details: relocation.details)
    }
  }
}

extension Relocation {
  var details: [JSONMember] {
    [JSONMember(key: "stage", value: .string(stage.rawValue)), JSONMember(key: "movedTo", value: .string(database))]
  }
}
