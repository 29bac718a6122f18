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
    case let error as JSONError: self = .invalid(.errorNotValidJson(problem: "\(error)"))
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
    self.init(
      code, Message(verbatim: error.message),
      hint: error.hint.map { Message(verbatim: $0) } ?? (error.kind == .notFound ? "git log --oneline" : nil))
  }

  init(_ error: StoreError) {
    switch error {
    case .absent(let path):
      self.init(.storeUnavailable, .errorNoDatabase(path: path), hint: "orch init")
    case .unavailable(let why, let hint):
      self.init(
        .storeUnavailable, Message(verbatim: why),
        hint: hint.map { Message(verbatim: $0) } ?? "nothing was done; try again")
    case .outcomeUnknown(let why, let hint):
      self.init(.outcomeUnknown, Message(verbatim: why), hint: Message(verbatim: hint))
    case .corrupt(let why):
      self.init(.storeCorrupt, Message(verbatim: why), hint: "orch verify")
    case .io(let why):
      self.init(.io, Message(verbatim: why), hint: .hintFreeSpace)
    case .permission(let why, let hint):
      self.init(
        .permission, Message(verbatim: why),
        hint: hint.map { Message(verbatim: $0) } ?? "check who owns the file and its directory")
    case .configuration(let why, let hint):
      self.init(.configuration, Message(verbatim: why), hint: hint.map { Message(verbatim: $0) })
    case .moved(let relocation):
      self.init(relocation)
    case .ambiguous(let name, let names):
      self = .ambiguous(name, names)
    case .notUnderstood(let session):
      self.init(
        .configuration,
        .errorNewerEvents(
          session: session.shownID, needed: session.neededVocabulary, vocabulary: EventVocabulary.current),
        hint: .hintUpgrade(command: "orch log --session \(session.shownID)"),
        details: [
          JSONMember(key: "session", value: .string(session.shownID)),
          JSONMember(key: "neededVocabulary", value: .int(session.neededVocabulary)),
          JSONMember(key: "vocabulary", value: .int(EventVocabulary.current))
        ])
    case .conflict:
      self.init(.storeUnavailable, .errorSessionBusy, hint: .hintTryAgain)
    case .internal(let why):
      self.init(.internal, Message(verbatim: why))
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
        hint: .hintOtherDatabase(database: relocation.database), details: relocation.details)
    case .moving:
      self.init(
        .configuration, .errorBeingMoved(database: relocation.database),
        hint:
          .hintBeingMoved(database: relocation.database),
        details: relocation.details)
    }
  }
}

extension Relocation {
  var details: [JSONMember] {
    [JSONMember(key: "stage", value: .string(stage.rawValue)), JSONMember(key: "movedTo", value: .string(database))]
  }
}
