import OrchSystem
import SystemPackage

/// The texts that the program brings along: the files in `Templates/`, which the plugin `Texts` puts into the binary, so
/// that it stays one file that runs from anywhere.
///
/// A user who wants another text puts a file of the same name into `overrideDirectory`.
package enum Templates {
  /// The files' names, sorted.
  package static var names: [String] { EmbeddedFiles.names }

  /// The languages that have a string table `text.CODE.txt` here.
  package static var languages: [String] {
    names.compactMap { name in
      guard name.hasPrefix("text."), name.hasSuffix(".txt") else { return nil }
      return String(name.dropFirst("text.".count).dropLast(".txt".count))
    }
  }

  /// A file as it was built in, where it lies in the binary; nil where there is none of that name.
  package static func builtIn(_ name: String) -> StaticString? { EmbeddedFiles.file(name) }

  /// A file as it was built in; nil where there is none of that name.
  package static func file(_ name: String) -> [UInt8]? {
    builtIn(name).map { Array(UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount)) }
  }

  /// The user's own file of that name, else the one that was built in; nil where that does not exist either.
  ///
  /// Only the names that are built in are looked up: a template is replaced, not added.
  ///
  /// - Parameter directory: see `overrideDirectory`; nil where the user has no home.
  /// - Throws: where the user's file is there and cannot be read. To take the other one then would be to ignore,
  ///   without a word, what they asked for.
  package static func load(
    _ name: String, overridesIn directory: String?
  ) throws(UnreadableTemplate) -> [UInt8]? {
    guard let builtIn = file(name) else { return nil }
    return try own(name, in: directory) ?? builtIn
  }

  /// The user's own file of any name; nil where there is none.
  ///
  /// - Throws: where it is there and cannot be read.
  package static func own(_ name: String, in directory: String?) throws(UnreadableTemplate) -> [UInt8]? {
    guard let directory else { return nil }
    return try read(directory + "/" + name)
  }

  /// Whether the user has a file of that name.
  package static func hasOwn(_ name: String, in directory: String?) -> Bool {
    directory.map { FileIO.exists($0 + "/" + name) } ?? false
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

  /// Nil where there is no such file.
  private static func read(_ path: String) throws(UnreadableTemplate) -> [UInt8]? {
    do throws(Errno) {
      // A pipe would be waited for.
      guard try FileStatus(of: path).kind == .file else { throw Errno.invalidArgument }
      return try FileIO.read(path)
    } catch {
      if error == .noSuchFileOrDirectory || error == .notDirectory { return nil }
      throw UnreadableTemplate(path, error)
    }
  }
}

/// A template of the user's that is there and cannot be read.
package struct UnreadableTemplate: Error, CustomStringConvertible {
  package let path: String
  /// The system's words.
  package let reason: String

  init(_ path: String, _ error: Errno) {
    self.path = path
    reason = error.description
  }

  package var description: String { "\(path) cannot be read: \(reason)" }
}
