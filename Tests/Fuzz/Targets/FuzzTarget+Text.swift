import OrchGit
import OrchRendering

extension FuzzTarget {
  /// What is stamped is found, and stamping again adds nothing.
  static func message(_ bytes: [UInt8]) throws {
    _ = Trailers.read(bytes)
    _ = Trailers.inner(bytes)
    _ = LineageTrailers(bytes)
    let trailers = [Trailer("Author", "agent"), Trailer("Orch-Task", "t-1")]
    for cleanup in [CommitMessage.Cleanup.strip, .scissors, .none] {
      var message = CommitMessage(bytes, cleanup: cleanup)
      _ = (message.subject, message.textEnd, message.hasText)
      _ = try? message.tagSubject("agent")
      guard let stamp = try? message.stamp(trailers) else { continue }
      // Without a cleanup git keeps all of it.
      let found = cleanup == .none ? Trailers.read(message.bytes) : stamp.added
      try require(stamp.added.allSatisfy(found.contains), "\(cleanup): a trailer that was added is not found")
      var again = CommitMessage(message.bytes, cleanup: cleanup)
      try require((try? again.stamp(trailers).added.isEmpty) == true, "\(cleanup): stamped twice")
    }
  }

  /// A section that is put into a file of none is found, and without it the file is as it was.
  static func hook(_ bytes: [UInt8]) throws {
    _ = HookScript(bytes)
    guard case .none = HookSection.find(in: bytes) else { return }
    let top = HookScript.top(of: bytes)
    let isJoined = top == bytes.count && top > 0 && bytes.last != UInt8(ascii: "\n")
    let section = HookSection.text(
      isJoined ? .joined : .inserted, hook: .commitMessage, layout: .plain, script: Array("true".utf8))
    let written = bytes[..<top] + (isJoined ? [UInt8(ascii: "\n")] : []) + section + bytes[top...]
    guard case .found(let found) = HookSection.find(in: Array(written)) else {
      throw FuzzFailure(description: "a section that was put in is not found")
    }
    try require(found.removed(from: Array(written)) == bytes, "without its section the file is another one")
  }

  /// A template is filled or refused.
  static func template(_ bytes: [UInt8]) {
    guard let template = try? Template(bytes, name: "fuzz") else { return }
    for language in [MarkupLanguage.html, .markdown] { _ = try? template.filled(context, in: language) }
  }

  private static let context = TemplateValue.object([
    "name": .text("<b> & {{name}}"), "id": .code("t-1"), "none": .nothing, "yes": .flag(true), "no": .flag(false),
    "list": .list([.text("a"), .text("b")]), "words": .object(["one": .text("words")]),
    "rows": .list([.object(["id": .text("1")]), .object(["id": .nothing])]), "body": .block("one\n<two>")
  ])
}
