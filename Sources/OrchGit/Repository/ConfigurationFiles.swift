import OrchSystem

/// A look at git's configuration files that costs next to nothing.
///
/// Loading libgit2 costs a start two milliseconds, and few people set anything of `orch.*`. So before it is asked for a
/// setting, the files are searched for the section's name; those that include others may have it there.
package enum ConfigurationFiles {
  /// Whether any file may have a section `orch`.
  ///
  /// - Parameters:
  ///   - others: what `GIT_CONFIG_GLOBAL` and the like name.
  ///   - dotGit: what `.git` of the work tree is, a directory or a file that names one; nil outside.
  package static func mayMention(home: String, configHome: String?, others: [String], dotGit: String?) -> Bool {
    var files = ["/etc/gitconfig", home + "/.gitconfig", (configHome ?? home + "/.config") + "/git/config"] + others
    if let dotGit {
      guard isDirectory(dotGit) else { return true }
      files.append(dotGit + "/config")
    }
    return files.contains { mentions($0) }
  }

  private static func isDirectory(_ path: String) -> Bool { (try? FileStatus(of: path))?.kind == .directory }

  private static func mentions(_ path: String) -> Bool {
    guard let bytes = try? FileIO.head(path, limit) else { return false }
    // A file that long is left to libgit2.
    return bytes.count == limit || mentions(bytes[...])
  }

  /// How much of a file is searched, in bytes.
  private static let limit = 65536

  /// Whether `[orch` or `[include` stands somewhere in it, in any case.
  static func mentions(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while let bracket = rest.firstIndex(of: UInt8(ascii: "[")) {
      rest = rest[(bracket + 1)...]
      let word = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.prefix(7).map { $0 | 0x20 }
      if word.starts(with: Array("orch".utf8)) || word.starts(with: Array("include".utf8)) { return true }
    }
    return false
  }
}
