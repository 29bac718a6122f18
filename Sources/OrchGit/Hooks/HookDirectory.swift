import OrchSystem

/// The directory whose files git runs as hooks, or, with husky, the one whose files husky runs for git.
package struct HookDirectory: Hashable, Sendable {
  package enum Layout: Sendable {
    /// git runs the files itself, those that may be executed.
    case plain
    /// git runs husky's generated files in `_`, and these run the user's one directory up with `sh -e`, whatever their
    /// first line and mode are. What `_` holds is written anew by every installation of husky: no place for us.
    case husky
  }

  /// Where the hooks lie, without a final slash. Empty where `core.hooksPath` is, which switches hooks off.
  package let path: String
  package let layout: Layout
  /// Whether this lies outside the repository and its work tree, so that other repositories are likely to use it too:
  /// a `core.hooksPath` in the user's own configuration.
  package let isShared: Bool

  /// - Parameters:
  ///   - hooksPath: `core.hooksPath` with `~` expanded; nil where it is not set. A relative one starts, as git has it,
  ///     where hooks run: at the top of the work tree, and in a bare repository in that itself.
  ///   - commonDirectory: the repository's directory (`.git`); for a linked work tree the one that all of them share,
  ///     because there is one set of hooks for all.
  ///   - workTree: the top of the work tree; nil in a bare repository.
  package init(hooksPath: String?, commonDirectory: String, workTree: String?) {
    let common = Self.trimmed(commonDirectory)
    let tree = workTree.map(Self.trimmed)
    guard let hooksPath else {
      (path, layout, isShared) = (common + "/hooks", .plain, false)
      return
    }
    guard !hooksPath.isEmpty else {
      (path, layout, isShared) = ("", .plain, false)
      return
    }
    var given = Self.trimmed(hooksPath)
    if given.utf8.first != UInt8(ascii: "/") {
      while given.hasPrefix("./") { given.removeFirst(2) }
      given = (tree ?? common) + "/" + given
    }
    let (parent, name) = FileIO.split(given)
    // `_` under a directory of another name is husky's where it has put its script.
    let isHusky =
      name == "_"
      && (FileIO.split(parent).name == ".husky" || HookFile.exists(given + "/h")
        || HookFile.exists(given + "/husky.sh"))
    let path = isHusky ? parent : given
    self.path = path
    layout = isHusky ? .husky : .plain
    isShared = ![common, tree].contains { $0.map { path == $0 || path.hasPrefix($0 == "/" ? $0 : $0 + "/") } ?? false }
  }

  func file(_ hook: HookName) -> String { path + "/" + hook.rawValue }

  /// Where a hook of somebody else's waits that ours runs: beside, so that what it finds beside itself it still finds.
  func original(_ hook: HookName) -> String { file(hook) + ".orch-original" }

  /// A directory of links to the originals under their own names: many scripts ask `$0` which hook they are.
  var originals: String { path + "/orch-original" }

  private static func trimmed(_ path: String) -> String {
    var path = Substring(path)
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return String(path)
  }
}
