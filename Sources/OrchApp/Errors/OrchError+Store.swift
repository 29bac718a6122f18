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
    case let error as TextError: self = .invalid(error.message)
    case let error as TrailerError: self = .invalid(error.message)
    case let error as JSONError: self = .invalid(.errorNotValidJson(problem: error.message))
    default: self.init(.internal, .errorInternal(detail: "\(error)"))
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
    self.init(
      code, error.message, hint: error.hint ?? (error.kind == .notFound ? .shell("git", "log", "--oneline") : nil))
  }

  init(_ error: StoreError) {
    switch error {
    case .absent(let path):
      self.init(.storeUnavailable, .errorNoDatabase(path: path), hint: .run("init"))
    case .unavailable(let why, let hint):
      self.init(
        .storeUnavailable, why, hint: hint ?? .text(.hintTryAgain))
    case .outcomeUnknown(let why, let hint):
      self.init(.outcomeUnknown, why, hint: hint)
    case .corrupt(let why):
      self.init(.storeCorrupt, why, hint: .run("verify"))
    case .io(let why):
      self.init(.io, why, hint: .text(.hintFreeSpace))
    case .permission(let why, let hint):
      self.init(
        .permission, why, hint: hint ?? .text(.hintCheckOwner))
    case .configuration(let why, let hint):
      self.init(.configuration, why, hint: hint)
    case .moved(let relocation):
      self.init(relocation)
    case .ambiguous(let name, let names):
      self = .ambiguous(name, names)
    case .notUnderstood(let session):
      self.init(
        .configuration,
        .errorNewerEvents(
          session: session.shownID, needed: session.neededVocabulary, vocabulary: EventVocabulary.current),
        hint: .text(.hintUpgrade(command: ShellCommand.orch("log", "--session", session.shownID))),
        details: [
          JSONMember(key: "session", value: .string(session.shownID)),
          JSONMember(key: "neededVocabulary", value: .int(session.neededVocabulary)),
          JSONMember(key: "vocabulary", value: .int(EventVocabulary.current))
        ])
    case .conflict:
      self.init(.storeUnavailable, .errorSessionBusy, hint: .text(.hintTryAgain))
    case .internal(let why):
      self.init(.internal, .errorInternal(detail: why))
    }
  }
}

extension OrchError {
  /// Writing to a database that went elsewhere.
  init(_ relocation: Relocation) {
    switch relocation.stage {
    case .moved:
      self.init(
        .configuration, .errorMoved(database: relocation.database),
        hint: .text(.hintOtherDatabase(database: ShellCommand.words(relocation.database))), details: relocation.details)
    case .moving:
      self.init(
        .configuration, .errorBeingMoved(database: relocation.database),
        hint:
          .text(.hintBeingMoved(database: ShellCommand.words(relocation.database))),
        details: relocation.details)
    }
  }
}

extension Relocation {
  var details: [JSONMember] {
    [JSONMember(key: "stage", value: .string(stage.rawValue)), JSONMember(key: "movedTo", value: .string(database))]
  }
}
