#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore
import OrchTestSupport
import Testing

/// A repository of a test's own, with the real git beside the real program; no setting of the user's is read.
final class GitScratch: Sendable {
  let home: Home
  /// The top of the work tree.
  let path: String

  /// - Parameters:
  ///   - hooks: whether git calls the program.
  ///   - agent: who holds the first task, `t-one`, in the work tree; nil for nobody.
  init(
    hooks: Bool = true, agent: String? = "company-agent", format: String = "sha1", name: String = "work",
    at place: SourceLocation = #_sourceLocation
  ) {
    home = Home()
    path = home.directory(name)
    git("init", "-q", "-b", "main", "--object-format=\(format)", at: place)
    if hooks { home.ok("hooks", "install", in: path, at: place) }
    home.add("The first task", "--id", "t-one", at: place)
    if let agent { home.claim("t-one", as: agent, in: path, at: place) }
  }

  // MARK: Running

  /// The environment of both programs.
  func environment(_ more: [String: String] = [:]) -> [String: String] {
    [
      "GIT_CONFIG_GLOBAL": home.path + "/.gitconfig", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "Ann Author",
      "GIT_AUTHOR_EMAIL": "ann@example.org", "GIT_COMMITTER_NAME": "Carl Committer",
      "GIT_COMMITTER_EMAIL": "carl@example.org", "GIT_EDITOR": "false", "GIT_SEQUENCE_EDITOR": "true",
      "GIT_MERGE_AUTOEDIT": "no", "GIT_TERMINAL_PROMPT": "0", "SHELL": "/bin/sh", "TERM": "dumb"
    ].merging(more) { $1 }
  }

  /// Runs git, as an agent's tool would: without a controlling terminal.
  ///
  /// - Parameter attended: with one, as a person does.
  func run(
    _ words: [String], as agent: String? = nil, in directory: String? = nil, environment more: [String: String] = [:],
    attended: Bool = false
  ) -> CommandOutcome {
    var run = home.command([], as: agent, in: directory ?? path, environment: environment(more))
    let line =
      attended
      ? [
        "script", "-qec", (["git"] + words).map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " "),
        "/dev/null"
      ]
      : ["setsid", "-w", "git"] + words
    run.program = "/usr/bin/env"
    run.arguments = line.map { Array($0.utf8) }
    return run.run()
  }

  /// Runs git, which is to succeed, and returns what it printed without the last line's end.
  @discardableResult
  func git(
    _ words: String..., as agent: String? = nil, in directory: String? = nil, environment more: [String: String] = [:],
    at place: SourceLocation = #_sourceLocation
  ) -> String {
    let outcome = run(words, as: agent, in: directory, environment: more)
    #expect(outcome.status == 0, "git \(words): \(outcome.stdout)\(outcome.stderr)", sourceLocation: place)
    return outcome.lines.joined(separator: "\n")
  }

  /// Runs the program, in the same environment.
  @discardableResult
  func orch(
    _ words: String..., as agent: String? = nil, in directory: String? = nil, environment more: [String: String] = [:],
    status: Int32 = 0, at place: SourceLocation = #_sourceLocation
  ) -> CommandOutcome {
    let outcome = home.command(words, as: agent, in: directory ?? path, environment: environment(more)).run()
    #expect(outcome.status == status, "orch \(words): \(outcome.stdout)\(outcome.stderr)", sourceLocation: place)
    return outcome
  }

  // MARK: Making

  func write(_ name: String, _ text: String, in directory: String? = nil) {
    let file = (directory ?? path) + "/" + name
    if let slash = file.lastIndex(of: "/") { Files.makeDirectory(String(file[..<slash])) }
    _ = try? Files.write(text, to: file)
  }

  /// Changes a file and commits it; returns the commit.
  @discardableResult
  func commit(
    _ message: String, file: String? = nil, text: String? = nil, as agent: String? = nil, in directory: String? = nil,
    _ options: String..., at place: SourceLocation = #_sourceLocation
  ) -> String {
    write(file ?? message.filter { $0.isLetter }, (text ?? message) + "\n", in: directory)
    git("add", "-A", as: agent, in: directory, at: place)
    let outcome = run(["commit", "-q", "-m", message] + options, as: agent, in: directory)
    #expect(outcome.status == 0, "\(outcome.stderr)", sourceLocation: place)
    return oid(in: directory, at: place)
  }

  /// A program that git runs as an editor: a shell script, `$1` the file.
  func editor(_ script: String) -> [String: String] {
    let path = home.file("editor-\(UInt32.random(in: 0 ... .max))", "#!/bin/sh\n" + script + "\n")
    Files.setMode(path, 0o755)
    return ["GIT_EDITOR": path, "GIT_SEQUENCE_EDITOR": path]
  }

  // MARK: Looking

  func oid(_ revision: String = "HEAD", in directory: String? = nil, at place: SourceLocation = #_sourceLocation)
    -> String
  {
    git("rev-parse", revision, in: directory, at: place)
  }

  func message(_ revision: String = "HEAD", in directory: String? = nil) -> String {
    git("log", "-1", "--format=%B", revision, in: directory)
  }

  /// A trailer's value as git reads it.
  func trailer(_ key: String, _ revision: String = "HEAD", in directory: String? = nil) -> String {
    git("log", "-1", "--format=%(trailers:key=\(key),valueonly,separator=%x2c)", revision, in: directory)
  }

  /// What `orch trace` says: of each commit its state, and after an arrow what it was rewritten into.
  func trace(_ reference: String = "t-one", in directory: String? = nil, at place: SourceLocation = #_sourceLocation)
    -> [String: String]
  {
    let outcome = orch("trace", reference, "--json", in: directory, at: place)
    var states: [String: String] = [:]
    for commit in outcome.objects.flatMap({ $0["commits"]?.arrayValue ?? [] }) {
      guard let oid = commit["oid"]?.stringValue, let state = commit["state"]?.stringValue else { continue }
      states[oid] =
        state + (commit["rewrittenTo"]?.stringValue.map { " → \($0)" } ?? "")
        + (commit["superseded"]?.boolValue == true ? ", superseded" : "")
    }
    return states
  }

  /// Expects the lineage of a task after a scan, in full; and that neither a second scan nor any check finds more to say.
  func expect(
    _ states: [String: String], of reference: String = "t-one", scan: Bool = true, sound: Bool = true,
    at place: SourceLocation = #_sourceLocation
  ) {
    if scan { orch("link", "--scan", at: place) }
    let found = trace(reference, at: place)
    func shown(_ states: [String: String]) -> [String] {
      states.map { oid, state in
        let words = state.split(separator: " ").map { ObjectLike.short($0, subject: self.subject) }
        return "\(ObjectLike.short(oid[...], subject: self.subject)): \(words.joined(separator: " "))"
      }.sorted()
    }
    #expect(
      found == states,
      "\n\(shown(found).joined(separator: "\n"))\ninstead of\n\(shown(states).joined(separator: "\n"))",
      sourceLocation: place)
    guard scan else { return }
    #expect(
      orch("link", "--scan", "--json", at: place).stdout == "", "a second scan has more to say", sourceLocation: place)
    #expect(trace(reference, at: place) == found, sourceLocation: place)
    orch("verify", status: sound ? 0 : 3, at: place)
  }

  private func subject(_ oid: String) -> String {
    run(["log", "-1", "--format=%h %s", oid]).lines.first ?? String(oid.prefix(7))
  }
}

/// Names of commits in what a failed test prints.
private enum ObjectLike {
  static func short(_ word: Substring, subject: (String) -> String) -> String {
    word.count >= 40 && word.allSatisfy { $0.isHexDigit } ? "[\(subject(String(word)))]" : String(word)
  }
}
