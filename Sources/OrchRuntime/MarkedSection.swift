import OrchCore
import OrchApp
import OrchSystem
import SystemPackage

/// The part of a text file that a command writes; the rest is its owner's.
package struct MarkedSection {
  private let begin: [UInt8]
  private let end: [UInt8]

  package init(_ name: String) {
    begin = Array("<!-- begin orch \(name) -->".utf8)
    end = Array("<!-- end orch \(name) -->".utf8)
  }

  /// The text of a file with the section replaced, or added at the end.
  ///
  /// - Throws: `refused` for a section that begins and does not end.
  func replaced(in text: [UInt8], by section: String) throws -> [UInt8] {
    let inside = Array("\n\n\(section)\n\n".utf8)
    guard let first = find(begin, in: text, from: 0) else {
      guard find(end, in: text, from: 0) == nil else { throw broken }
      var text = text
      if !text.isEmpty, text.last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
      if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
      return text + begin + inside + end + [UInt8(ascii: "\n")]
    }
    guard let last = find(end, in: text, from: first), find(begin, in: text, from: first + 1) == nil else {
      throw broken
    }
    return text[..<first] + begin + inside + text[last...]
  }

  private var broken: OrchError {
    .refused(
      .errorSection,
      hint:
        .text(.hintOnePair(begin: String(decoding: begin, as: UTF8.self), end: String(decoding: end, as: UTF8.self)))
    )
  }

  private func find(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard text.count >= needle.count else { return nil }
    var index = start
    while index + needle.count <= text.count {
      if text[index] == needle[0], text[index..<(index + needle.count)].elementsEqual(needle) { return index }
      index += 1
    }
    return nil
  }

  /// Replaces the section in a file, which need not be there yet; its mode stays. What a link leads to is replaced, not
  /// the link.
  package func write(_ section: String, to path: String) throws {
    let target = (try? FileIO.realPath(path)) ?? path
    do {
      let text = FileIO.exists(target) ? try FileIO.read(target) : []
      try FileIO.replace(target, with: replaced(in: text, by: section), .kept)
    } catch let error as Errno {
      throw OrchError(error, path)
    }
  }
}
