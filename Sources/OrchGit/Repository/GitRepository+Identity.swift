import OrchCore
import CLibgit2

extension GitRepository {
  /// What the repository is called wherever it is cloned: the normalised URL of `origin` without credentials, else
  /// `local:` and the name of the first root commit. Nil while there is neither.
  ///
  /// - Parameter remember: where the root's name is kept, since finding it walks the whole history.
  package func identity(remember: (_ find: () throws(GitError) -> ObjectName?) throws(GitError) -> ObjectName?)
    throws(GitError) -> String?
  {
    if let url = try config("remote.origin.url"), let name = RemoteURL.identity(url) { return name }
    return try remember(root).map { "local:\($0.hex)" }
  }

  /// The first commit of the history, along the first parents.
  func root() throws(GitError) -> ObjectName? {
    guard var root = try head().commit else { return nil }
    var git = git
    GitLibrary.beginStreaming(&git)
    while let parent = try commit(root)?.parents.first, try commit(parent) != nil { root = parent }
    return root
  }

  // MARK: Configuration

  /// A value of the configuration: the repository's, else the user's, else the system's.
  package func config(_ key: String) throws(GitError) -> String? {
    var config: OpaquePointer?
    try check(git.repository_config_snapshot(&config, handle), .gitConfiguration(place: gitDirectory))
    defer { git.config_free(config) }
    return try GitConfiguration.value(key, in: config)
  }

  /// Sets a value in the repository's own configuration; nil removes it.
  package func setConfig(_ key: String, _ value: String?) throws(GitError) {
    var whole: OpaquePointer?
    try check(git.repository_config(&whole, handle), .gitConfiguration(place: gitDirectory))
    defer { git.config_free(whole) }
    var config: OpaquePointer?
    try check(git.config_open_level(&config, whole, GIT_CONFIG_LEVEL_LOCAL), .gitConfiguration(place: gitDirectory))
    defer { git.config_free(config) }
    guard let value else {
      let code = git.config_delete_entry(config, key)
      if code != GIT_ENOTFOUND.rawValue { try check(code, Message(verbatim: key)) }
      return
    }
    try check(git.config_set_string(config, key, value), Message(verbatim: key))
  }
}

/// The user's configuration, outside any repository.
package enum GitConfiguration {
  static func value(_ key: String, in config: OpaquePointer?) throws(GitError) -> String? {
    let git = GitLibrary.table
    var entry: UnsafeMutablePointer<git_config_entry>?
    let code = git.config_get_entry(&entry, config, key)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try check(code, Message(verbatim: key))
    defer { git.config_entry_free(entry) }
    return entry?.pointee.value.map { String(cString: $0) }
  }

  /// A value of the user's configuration.
  package static func user(_ key: String) throws(GitError) -> String? {
    let git = try GitLibrary.functions()
    var config: OpaquePointer?
    try check(git.config_open_default(&config), .gitOwnConfiguration)
    defer { git.config_free(config) }
    return try value(key, in: config)
  }
}

/// The URL of a remote, as a name for what it leads to.
enum RemoteURL {
  /// `host/path` for every way of writing it, `file:/path` for a local one; without user, password, port, `.git`.
  ///
  /// Bytes that an identifier may not have become `_XX`.
  static func identity(_ url: String) -> String? {
    var rest = Substring(url)
    var host: Substring?
    if let scheme = range(of: "://", in: rest) {
      let name = rest[..<scheme.lowerBound].lowercased()
      rest = rest[scheme.upperBound...]
      if name != "file" {
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        host = rest[..<end]
        rest = rest[end...]
      }
    } else if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/"), colon != rest.startIndex {
      // scp's way: user@host:path
      host = rest[..<colon]
      rest = rest[rest.index(after: colon)...]
    }
    while rest.hasSuffix("/") { rest.removeLast() }
    if rest.hasSuffix(".git") { rest.removeLast(4) }
    guard var place = host else {
      // A relative path is another place in each clone.
      return rest.hasPrefix("/") ? identifier("file:" + rest) : nil
    }
    if let at = place.lastIndex(of: "@") { place = place[place.index(after: at)...] }
    if !place.hasPrefix("["), let colon = place.firstIndex(of: ":") { place = place[..<colon] }
    while rest.hasPrefix("/") { rest.removeFirst() }
    guard !place.isEmpty, !rest.isEmpty else { return nil }
    return identifier(place.lowercased() + "/" + rest)
  }

  private static func range(of needle: String, in text: Substring) -> Range<Substring.Index>? {
    var start = text.startIndex
    while start < text.endIndex {
      if text[start...].hasPrefix(needle) { return start..<text.index(start, offsetBy: needle.count) }
      start = text.index(after: start)
    }
    return nil
  }

  private static func identifier(_ text: String) -> String? {
    var result = ""
    for scalar in text.unicodeScalars {
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      let isLetter = !scalar.isASCII && scalar.properties.isAlphabetic
      if isPlain || isLetter || "._-:/@".unicodeScalars.contains(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        for byte in String(scalar).utf8 {
          result += "_" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
      }
    }
    while let first = result.unicodeScalars.first, "._-:/@".unicodeScalars.contains(first) {
      result.unicodeScalars.removeFirst()
    }
    return result.isEmpty ? nil : String(result.prefix(128))
  }
}
