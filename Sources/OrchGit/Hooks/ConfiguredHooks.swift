import OrchCore

/// The same hooks as entries in git's configuration, for the versions of git that run those (`GitVersion`).
///
/// There nobody's file is touched, and hooks of several programs stand beside each other. Each hook is an entry of its
/// own, because a command that stands for several events is not told which one it is.
package enum ConfiguredHooks {
  /// One setting: a key has one value.
  package struct Entry: Hashable, Sendable {
    package let key: String
    package let value: String
  }

  /// What to set in the repository's own configuration.
  ///
  /// git gives the command to a shell with the hook's arguments behind it, and its standard input is the command's own.
  /// As in the files, only the program's status 1 stops git, and where it is not it is looked for in `PATH`.
  ///
  /// - Parameter orch: the absolute path of the program; any path will do.
  package static func entries(
    orch: String, hooks: [HookName] = HookName.allCases
  ) throws(GitError) -> [Entry] {
    let program = try ShellWord.program(orch)
    return hooks.flatMap { hook in
      // A function, since the arguments come at the very end.
      let command =
        "orch_hook() { p=\(program); { [ -f \"$p\" ] && [ -x \"$p\" ]; } || p=$(command -v orch) || return 0; "
        + "\"$p\" hooks run \(hook.rawValue) \"$@\"; [ $? -ne 1 ]; }; orch_hook"
      return [
        Entry(key: section(hook) + ".command", value: command),
        Entry(key: section(hook) + ".event", value: hook.rawValue)
      ]
    }
  }

  /// What to take out again.
  package static func keys(hooks: [HookName] = HookName.allCases) -> [String] {
    hooks.flatMap { [section($0) + ".command", section($0) + ".event"] }
  }

  private static func section(_ hook: HookName) -> String { "hook.orch-\(hook.rawValue)" }
}

/// What `git --version` says.
package struct GitVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let major: Int
  package let minor: Int
  package let patch: Int

  package init(major: Int, minor: Int, patch: Int = 0) {
    (self.major, self.minor, self.patch) = (major, minor, patch)
  }

  /// Reads `git version 2.39.5 (Apple Git-154)`, `git version 2.54.0.rc1`, `git version 2.48.1.windows.1`; nil where
  /// there is no version in the text. A release candidate counts as its release.
  package init?(_ text: String) {
    let words = text.split { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }
    guard words.count >= 3, words[0] == "git", words[1] == "version" else { return nil }
    var numbers: [Int] = []
    for part in words[2].split(whereSeparator: { $0 == "." || $0 == "-" }) {
      guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part) else { break }
      numbers.append(number)
    }
    guard numbers.count >= 2 else { return nil }
    self.init(major: numbers[0], minor: numbers[1], patch: numbers.count > 2 ? numbers[2] : 0)
  }

  /// Whether it runs hooks that stand in its configuration.
  package var runsConfiguredHooks: Bool { self >= GitVersion(major: 2, minor: 54) }

  package var description: String { "\(major).\(minor).\(patch)" }

  package static func < (one: Self, other: Self) -> Bool {
    (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
  }
}
