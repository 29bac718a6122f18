/// What an installation has done to one hook.
package struct HookChange: Hashable, Sendable {
  package enum Kind: String, Sendable {
    /// A file was made.
    case created
    /// Our lines went into a script of somebody else's.
    case inserted
    /// A hook of somebody else's was set aside, beside, and ours runs it.
    case chained
    /// Our lines were replaced: by those of another version, or for another place of the program.
    case updated
    /// Our lines were taken out; the rest is as it was.
    case removed
    /// The file that we had made is gone.
    case deleted
    /// The hook that was set aside is back.
    case restored
  }

  package let hook: HookName
  /// The hook's file.
  package let path: String
  package let kind: Kind

  package init(hook: HookName, path: String, kind: Kind) {
    self.hook = hook
    self.path = path
    self.kind = kind
  }
}

/// How it stands with one hook.
package struct HookStatus: Hashable, Sendable {
  package enum State: String, Sendable {
    /// There is none.
    case absent
    /// There is one, and it is none of ours.
    case foreign
    /// Ours, as `install` would write it.
    case current
    /// Ours, of an older version, edited, or for another place of the program.
    case outdated
    /// Written by a newer version of this program; `install` leaves it.
    case newer
    /// Ours, and it may not be executed, so that git passes over it.
    case disabled
    /// The beginning of our lines is there and their end is not.
    case damaged
    /// The file cannot be read.
    case unreadable
  }

  package let hook: HookName
  /// The hook's file, whether or not there is one.
  package let path: String
  package let state: State
  /// Where a hook of somebody else's waits that ours runs.
  package let original: String?

  package init(hook: HookName, path: String, state: State, original: String?) {
    self.hook = hook
    self.path = path
    self.state = state
    self.original = original
  }
}
