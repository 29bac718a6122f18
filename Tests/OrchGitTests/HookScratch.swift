import Templates

@testable import OrchGit
import OrchSystem
@testable import OrchTestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A repository of its own, the real git, and in place of the program a script that writes down how it was called.
final class HookScratch: @unchecked Sendable {
  let root: String
  /// The work tree.
  let tree: String
  /// What stands in for the program.
  let orch: String
  var environment: [String: String]

  private static let git: String = {
    let run = CommandLineRun(
      program: "/bin/sh", arguments: [Array("-c".utf8), Array("command -v git".utf8)],
      environment: ["PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"], directory: "/",
      scratch: Files.makeScratch())
    defer { Files.remove(run.scratch) }
    return run.run().lines.first ?? "/usr/bin/git"
  }()

  init(orchIn folder: String = "bin") throws {
    root = Files.makeScratch()
    tree = root + "/tree"
    orch = root + "/" + folder + "/orch"
    for directory in ["/home", "/bare", "/tmp"] { Files.makeDirectory(root + directory) }
    Files.makeDirectory(root + "/" + folder)
    environment = [
      // None that could hold an `orch`.
      "PATH": "/usr/bin:/bin", "HOME": root + "/home", "TMPDIR": root + "/tmp", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
      "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_EDITOR": "true"
    ]
    try write(Self.recorder, to: orch, mode: 0o755)
    succeed(git("init", "-q", "-b", "main", tree, in: root))
    try commit("first")
  }

  deinit { Files.remove(root) }

  private static let recorder = """
    #!/bin/sh
    here=${0%/*}
    {
      [ "$1 $2" = "hooks run" ] || printf 'odd: '
      printf '%s' "$3"
      shift 3
      for argument; do printf ' [%s]' "$argument"; done
      echo
      sed 's/^/  < /'
    } >>"$here/calls"
    [ ! -f "$here/status" ] || exit "$(cat "$here/status")"

    """

  // MARK: Commands

  private func succeed(_ outcome: CommandOutcome) {
    precondition(outcome.status == 0, "\(outcome.words): \(outcome.stderr)")
  }

  @discardableResult
  func git(_ arguments: String..., in directory: String? = nil) -> CommandOutcome {
    run(Self.git, arguments, in: directory ?? tree)
  }

  @discardableResult
  func run(_ program: String, _ arguments: [String], in directory: String) -> CommandOutcome {
    CommandLineRun(
      program: program, arguments: arguments.map { Array($0.utf8) }, environment: environment, directory: directory,
      scratch: root
    ).run()
  }

  /// Adds a file of that name, and commits it.
  @discardableResult
  func commit(_ name: String, _ arguments: String..., in directory: String? = nil) throws -> CommandOutcome {
    let directory = directory ?? tree
    try Files.write(name + "\n", to: directory + "/" + name)
    git("add", name, in: directory)
    let message = arguments.isEmpty ? ["-m", name] : arguments
    return run(Self.git, ["commit", "-q"] + message, in: directory)
  }

  /// A repository to push to.
  func addRemote() {
    succeed(git("init", "-q", "--bare", root + "/bare", in: root))
    succeed(git("remote", "add", "origin", root + "/bare"))
  }

  var head: String { git("rev-parse", "HEAD").lines.first ?? "" }

  // MARK: The program

  /// How it was called since this was asked last.
  func calls() -> [String] {
    let path = FileIO.split(orch).directory + "/calls"
    defer { unlink(path) }
    let text = String(decoding: (try? Files.read(path)) ?? [], as: UTF8.self)
    return text.split(separator: "\n").map { String($0) }
  }

  /// What it ends with from now on.
  func setStatus(_ status: Int) throws {
    try Files.write("\(status)\n", to: FileIO.split(orch).directory + "/status")
  }

  // MARK: Hooks

  func installation(_ directory: HookDirectory? = nil, orch: String? = nil) throws -> HookInstallation {
    try HookInstallation(
      directory: directory ?? self.directory(), orch: orch ?? self.orch, script: Templates.file("hook.sh")!)
  }

  func directory(_ hooksPath: String? = nil) -> HookDirectory {
    HookDirectory(hooksPath: hooksPath, commonDirectory: tree + "/.git", workTree: tree)
  }

  func hook(_ name: String) -> String { tree + "/.git/hooks/" + name }

  func write(_ text: String, to path: String, mode: UInt32) throws {
    Files.makeDirectory(FileIO.split(path).directory)
    try Files.write(text, to: path)
    Files.setMode(path, mode)
  }

  /// All that lies in a directory: names, modes, bytes, and where links lead.
  func listing(_ directory: String) throws -> [String] {
    try Files.names(in: directory).flatMap { name -> [String] in
      let path = directory + "/" + name
      var buffer = [CChar](repeating: 0, count: 4096)
      let length = readlink(path, &buffer, buffer.count - 1)
      if length >= 0 {
        let target = buffer[..<length].map { UInt8(bitPattern: $0) }
        return ["\(name) -> \(String(decoding: target, as: UTF8.self))"]
      }
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        return ["\(name)/"] + (try listing(path).map { name + "/" + $0 })
      }
      return ["\(name) \(String(Files.mode(path), radix: 8)) \(try Files.read(path))"]
    }
  }
}
