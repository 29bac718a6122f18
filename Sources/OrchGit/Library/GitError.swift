import CLibgit2

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
  package let message: String
  /// What to do about it, where that is known.
  package let hint: String?

  package init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}

extension GitError: CustomStringConvertible {
  package var description: String { message }
}

/// Checks the code of a call of libgit2.
///
/// - Parameter what: what was to be done, as the subject of the message.
@discardableResult
func check(_ code: Int32, _ what: @autoclosure () -> String) throws(GitError) -> Int32 {
  guard code < 0 else { return code }
  throw GitError(code: code, what())
}

extension GitError {
  /// The failure that libgit2 reported last on this thread.
  init(code: Int32, _ what: String) {
    var reason = "error \(code)"
    if let last = GitLibrary.table.error_last(), let text = last.pointee.message { reason = String(cString: text) }
    let kind: Kind =
      switch code {
      case GIT_ENOTFOUND.rawValue: .notFound
      case GIT_EAMBIGUOUS.rawValue: .ambiguous
      case GIT_EINVALIDSPEC.rawValue: .invalid
      case GIT_EOWNER.rawValue: .owner
      default: .failed
      }
    self.init(kind, "\(what): \(reason)")
  }
}
