import OrchCore

/// What a hook's file is written in, as far as it matters to somebody who adds lines to it.
package enum HookScript {
  /// A POSIX shell runs it, so lines of shell can be added to it.
  case shell
  /// Python, a binary, fish: something can only run first from another file. The same holds for a script that begins as
  /// shell and hands itself to another interpreter, which would read our lines as its own.
  case other

  package init(_ bytes: [UInt8]) {
    // Every executable's header has a zero byte, and no script.
    guard !bytes.contains(0) else { self = .other; return }
    // git gives a file without a first line of that kind to `sh`.
    guard bytes.starts(with: "#!".utf8) else { self = .shell; return }
    let line = bytes[2...].prefix { $0 != UInt8(ascii: "\n") }
    let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
    var names = words.map { word in
      String(decoding: word.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
    }[...]
    if names.first == "env" {
      // `env -S bash -e`, `env LANG=C sh`
      names = names.dropFirst().drop { $0.hasPrefix("-") || $0.contains("=") }
    }
    let isShell = names.first.map { Self.shells.contains($0) } == true
    self = isShell && !Self.handsItselfOn(bytes) ? .shell : .other
  }

  /// Whether a line is like `exec tclsh "$0" "$@"`, the old way to write a script in a language whose place is not
  /// known. One that only asks where it lies (`exec "$(dirname "$0")/other"`) is shell.
  private static func handsItselfOn(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: UInt8(ascii: "\n")).contains { line in
      // For most lines this is all that is looked at.
      guard line.contains(UInt8(ascii: "$")) else { return false }
      let words = String(decoding: line, as: UTF8.self).split { " \t\"'();`\r".contains($0) }
      guard let start = words.firstIndex(of: "exec") else { return false }
      return words[start...].contains { $0 == "$0" || $0 == "${0}" }
        && !words.contains { ["dirname", "basename", "readlink", "realpath"].contains($0) }
    }
  }

  private static let shells: Set = [
    "sh", "bash", "dash", "ash", "ksh", "ksh93", "mksh", "zsh", "yash", "sh.exe", "bash.exe"
  ]

  /// Where lines can go in that run before all others.
  package static func top(of bytes: [UInt8]) -> Int {
    guard bytes.starts(with: "#!".utf8) else { return 0 }
    return bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
  }
}

extension ShellWord {
  /// What stands for `orch` in a hook: an absolute path, quoted.
  static func program(_ orch: String) throws(GitError) -> String {
    guard orch.utf8.first == UInt8(ascii: "/"), !orch.utf8.contains(0) else {
      throw GitError(.invalid, .hooksNotAbsolute(path: orch))
    }
    return quoted(orch)
  }
}
