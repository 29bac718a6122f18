#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The texts that the program brings along: everything else in this folder, embedded into the binary, so that it stays
/// one file that runs from anywhere.
///
/// A user who wants another text puts a file of the same name into `overrideDirectory`.
package enum Templates {
  /// The files' names, sorted.
  package static var names: [String] { files.keys.sorted() }

  /// A file as it was built in; nil where there is none of that name.
  package static func file(_ name: String) -> [UInt8]? { files[name] }

  /// The user's own file of that name, else the one that was built in; nil where that does not exist either.
  ///
  /// Only the names that are built in are looked up: a template is replaced, never added.
  ///
  /// - Parameter directory: see `overrideDirectory`; nil where the user has no home.
  /// - Throws: where the user's file is there and cannot be read. To take the other one then would be to ignore,
  ///   without a word, what they asked for.
  package static func load(
    _ name: String, overridesIn directory: String?
  ) throws(UnreadableTemplate) -> [UInt8]? {
    guard let builtIn = files[name] else { return nil }
    guard let directory, let own = try read(directory + "/" + name) else { return builtIn }
    return own
  }

  /// Where a user keeps templates: `orch/templates` in `$XDG_CONFIG_HOME`, else in `~/.config`.
  ///
  /// - Parameters:
  ///   - configHome: `XDG_CONFIG_HOME`. Its specification has relative paths ignored.
  ///   - home: `HOME`.
  package static func overrideDirectory(configHome: String?, home: String?) -> String? {
    if let configHome, configHome.utf8.first == UInt8(ascii: "/") { return configHome + "/orch/templates" }
    guard let home, !home.isEmpty else { return nil }
    return home + "/.config/orch/templates"
  }

  private static let files: [String: [UInt8]] = [
    "commit-message.en.txt": PackageResources.commit_message_en_txt,
    "commit-message.ko.txt": PackageResources.commit_message_ko_txt,
    "hook.sh": PackageResources.hook_sh,
    "report.en.txt": PackageResources.report_en_txt,
    "report.html": PackageResources.report_html,
    "report.ko.txt": PackageResources.report_ko_txt,
    "report.md": PackageResources.report_md,
    "report.pr.md": PackageResources.report_pr_md
  ]

  /// Nil where there is no such file.
  private static func read(_ path: String) throws(UnreadableTemplate) -> [UInt8]? {
    guard let file = fopen(path, "r") else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw UnreadableTemplate(path)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      bytes += piece[..<count]
      if count == 0 { break }
    }
    // A directory opens, too, and fails here.
    guard ferror(file) == 0 else { throw UnreadableTemplate(path) }
    return bytes
  }
}

/// A template of the user's that is there and cannot be read.
package struct UnreadableTemplate: Error, CustomStringConvertible {
  package let path: String
  /// The system's words.
  package let reason: String

  init(_ path: String) {
    self.path = path
    reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
  }

  package var description: String { "\(path) cannot be read: \(reason)" }
}
