/// Our lines in a hook's file, between two lines that say so:
///
/// ```
/// # >>> orch 1 inserted >>>
/// …
/// # <<< orch <<<
/// ```
///
/// The number is the version of what stands between; the word says what the file was before, so that it can be put
/// back. Both stand in the file itself: the repository may be moved, and another installation of the program may be
/// the one that takes the lines out.
package struct HookSection: Hashable {
  package enum Kind: String {
    /// There was no file.
    case created
    /// There was a script; the lines stand below its first line, or at its top where that is a line like any other.
    case inserted
    /// The same, and its first line was all it had, and did not end.
    case joined
    /// There was a hook that takes no lines; it waits beside and is run by ours.
    case chained
  }

  /// Grows with every change to what stands around the script.
  static let version = 1
  /// The first line of a file that is ours.
  static let interpreter = Array("#!/bin/sh\n".utf8)

  var kind: Kind
  var version: Int
  /// From the beginning of the first line to the end of the last, in the bytes of the file.
  var range: Range<Int>

  package enum Search: Hashable {
    case none
    case found(HookSection)
    /// Its beginning is there and its end is not.
    case damaged
  }

  package static func find(in bytes: [UInt8]) -> Search {
    var opening: (kind: Kind, version: Int, start: Int)?
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      // An editor may have given the whole file another kind of line end.
      let line = end > start && bytes[end - 1] == UInt8(ascii: "\r") ? bytes[start..<end - 1] : bytes[start..<end]
      let next = min(end + 1, bytes.count)
      if let opening, line.elementsEqual(last.utf8) {
        return .found(HookSection(kind: opening.kind, version: opening.version, range: opening.start..<next))
      } else if opening == nil, line.starts(with: first.utf8) {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 6, let version = Int(words[3]), let kind = Kind(rawValue: String(words[4])) else {
          return .damaged
        }
        opening = (kind, version, start)
      }
      start = next
    }
    return opening == nil ? .none : .damaged
  }

  /// The file without it.
  package func removed(from bytes: [UInt8]) -> [UInt8] {
    var range = range
    // Lines that somebody has added below need the end of the line above.
    if kind == .joined, range.upperBound == bytes.count, range.lowerBound > 0 {
      range = range.lowerBound - 1..<range.upperBound
    }
    return Array(bytes[..<range.lowerBound] + bytes[range.upperBound...])
  }

  private static let first = "# >>> orch "
  private static let last = "# <<< orch <<<"

  /// The lines for one hook.
  ///
  /// - Parameter script: with the hook's name and the program's place in it.
  package static func text(_ kind: Kind, hook: HookName, layout: HookDirectory.Layout, script: [UInt8]) -> [UInt8] {
    var text = Array("\(first)\(version) \(kind.rawValue) >>>\n".utf8)
    text += "# `orch hooks install` wrote this part and replaces it; `orch hooks uninstall` takes it out again.\n".utf8
    text += script
    if script.last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
    if kind == .chained { text += chain(hook, layout).utf8 }
    return text + "\(last)\n".utf8
  }

  /// Goes on as the hook that was there, with what git gave to this one.
  private static func chain(_ hook: HookName, _ layout: HookDirectory.Layout) -> String {
    let name = hook.rawValue
    let go =
      switch layout {
      // What may not be executed git does not run.
      case .plain: "[ ! -x \"$orch_theirs\" ] || exec \"$orch_theirs\" \"$@\""
      case .husky: "[ ! -f \"$orch_theirs\" ] || exec sh -e \"$orch_theirs\" \"$@\""
      }
    return """
      orch_theirs="${0%/*}/orch-original/\(name)"
      [ -e "$orch_theirs" ] || orch_theirs="${0%/*}/\(name).orch-original"
      \(go)

      """
  }

  /// Puts the hook's name and the program's quoted path into the script.
  ///
  /// - Throws: where that would hold a line that begins or ends a section, which nobody could take out again.
  static func filled(_ script: [UInt8], hook: HookName, program: String) throws(GitError) -> [UInt8] {
    // The path last: it may hold anything.
    let filled = replacing("@ORCH@", in: replacing("@HOOK@", in: script, with: hook.rawValue), with: program)
    let isMarked = filled.split(separator: UInt8(ascii: "\n")).contains { line in
      line.starts(with: first.utf8) || line.elementsEqual(last.utf8) || line.elementsEqual("\(last)\r".utf8)
    }
    guard !isMarked else {
      throw GitError(.invalid, .hooksMarksInScript)
    }
    return filled
  }

  private static func replacing(_ word: String, in bytes: [UInt8], with text: String) -> [UInt8] {
    let word = Array(word.utf8)
    var replaced: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position...].starts(with: word) {
        replaced += text.utf8
        position += word.count
      } else {
        replaced.append(bytes[position])
        position += 1
      }
    }
    return replaced
  }
}
