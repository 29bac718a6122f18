import CLibgit2
package import OrchCore

/// What went wrong in a repository, or on the way to it.
package struct GitError: Error, Sendable {
  package enum Kind: Sendable {
    /// libgit2 is not installed, or not the one this program was built for.
    case noLibrary
    /// There is a repository, but none that libgit2 can open: its format is newer.
    case unsupported
    /// It belongs to somebody else.
    case owner
    /// No such commit, reference or path.
    case notFound
    /// More than one object has that name.
    case ambiguous
    /// A name or a value that git does not allow.
    case invalid
    /// Everything else that libgit2 fails with: damaged objects, missing rights, full disks.
    case failed
  }

  package let kind: Kind
  /// One line without a final stop.
  package let message: Message
  /// What to do about it, where that is known.
  package let hint: NextAction?

  package init(_ kind: Kind, _ message: Message, hint: NextAction? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}

/// Checks the code of a call of libgit2.
///
/// - Parameter what: what was to be done, as the subject of the message.
@discardableResult
func check(_ code: Int32, _ what: @autoclosure () -> Message) throws(GitError) -> Int32 {
  guard code < 0 else { return code }
  throw GitError(code: code, what())
}

extension GitError {
  /// The failure that libgit2 reported last on this thread.
  init(code: Int32, _ what: Message) {
    let kind: Kind =
      switch code {
      case GIT_ENOTFOUND.rawValue: .notFound
      case GIT_EAMBIGUOUS.rawValue: .ambiguous
      case GIT_EINVALIDSPEC.rawValue: .invalid
      case GIT_EOWNER.rawValue: .owner
      default: .failed
      }
    self.init(kind, .gitFailure(what: what, reason: Self.lastReason ?? .gitCode(code: Int(code))))
  }

  /// What libgit2 said last on this thread, in its own words.
  static var lastReason: Message? {
    guard let last = GitLibrary.table.error_last(), let text = last.pointee.message else { return nil }
    return Message(verbatim: String(cString: text))
  }
}
