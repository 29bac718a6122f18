import OrchGit
import OrchTestSupport
import Testing

/// A hook of somebody else's.
struct ForeignHook: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var mode: UInt32 = 0o755
  var kind: HookChange.Kind = .inserted
  /// Whether it leaves a line in `theirs` when git runs it.
  var runs = true

  var testDescription: String { name }

  static let all: [Self] = [
    Self(name: "exec at the end", text: "#!/bin/sh\nset -eu\nexec sh -c 'echo ran >>theirs'\n"),
    Self(name: "exit 0", text: "#!/bin/sh -eu\necho ran >>theirs\nexit 0\n"),
    Self(name: "bash by env", text: "#!/usr/bin/env bash\n# comment\necho ran >>theirs\n", mode: 0o700),
    Self(name: "CRLF below the first line", text: "#!/bin/sh\necho ran >>theirs #\r\n# done\r\n"),
    Self(name: "CRLF", text: "#!/bin/sh\r\necho ran >>theirs\r\n", runs: false),
    Self(name: "no final newline", text: "#!/bin/sh\necho ran >>theirs", mode: 0o775),
    Self(name: "first line only, without its end", text: "#!/bin/sh", runs: false),
    Self(name: "no shebang", text: "echo ran >>theirs\n", mode: 0o555),
    Self(name: "empty", text: "", runs: false),
    Self(
      name: "trap and functions", text: "#!/bin/bash -u\ntrap 'echo ran >>theirs' EXIT\nf() { return 0; }\nf \"$@\"\n"
    ),
    Self(name: "perl", text: "#!/usr/bin/env perl\nopen(F, '>>theirs'); print F \"ran\\n\"; exit 0;\n", kind: .chained),
    Self(
      name: "shell, then perl",
      text: "#!/bin/sh\neval 'exec perl -x $0 ${1+\"$@\"}'\n  if 0;\n"
        + "#!perl\nopen(F, '>>theirs'); print F \"ran\\n\";\n",
      kind: .chained),
    Self(
      name: "beside itself",
      text: "#!/bin/sh\necho ran >>theirs\nexec ls -d \"$(dirname \"$0\")/commit-msg\" >>theirs\n"),
    Self(name: "binary", text: "\u{7f}ELF\0\0\u{1}\n", mode: 0o644, kind: .chained, runs: false),
    Self(name: "switched off", text: "#!/bin/sh\necho ran >>theirs\n", mode: 0o644, kind: .chained, runs: false),
    Self(
      name: "python, switched off", text: "#!/usr/bin/python3\nprint(1)\n", mode: 0o600, kind: .chained, runs: false)
  ]
}

/// What was there before runs as before, and is there again afterwards.
@Suite("Hooks: other people's")
struct HookRestoreTests {
  @Test(arguments: ForeignHook.all)
  func `it runs, and comes back`(foreign: ForeignHook) throws {
    let scratch = try HookScratch()
    try scratch.write(foreign.text, to: scratch.hook("commit-msg"), mode: foreign.mode)
    let before = try scratch.listing(scratch.hook(""))
    let installation = try scratch.installation()
    let changes = try installation.install()
    #expect(changes.first { $0.hook == .commitMessage }?.kind == foreign.kind)
    #expect(installation.status().allSatisfy { $0.state == .current })
    let installed = try scratch.listing(scratch.hook(""))
    #expect(try installation.install().isEmpty)
    #expect(try scratch.listing(scratch.hook("")) == installed)

    // git cannot start a script whose interpreter ends in a carriage return; it never could.
    if foreign.name != "CRLF" {
      let outcome = try scratch.commit("second")
      #expect(outcome.status == 0 && outcome.stderr == "")
      #expect(scratch.calls().count == 3)
      #expect(Files.exists(scratch.tree + "/theirs") == foreign.runs)
      try scratch.setStatus(1)
      #expect(try scratch.commit("third").status == 1)
    }
    #expect(try installation.uninstall().count == HookName.allCases.count)
    #expect(try scratch.listing(scratch.hook("")) == before)
    #expect(try installation.uninstall().isEmpty)
  }

  @Test(arguments: [HookChange.Kind.inserted, .chained])
  func `a refusal of theirs still refuses`(kind: HookChange.Kind) throws {
    let scratch = try HookScratch()
    let text = kind == .inserted ? "#!/bin/sh\nexit 3\n" : "#!/usr/bin/env perl\nexit 3;\n"
    try scratch.write(text, to: scratch.hook("commit-msg"), mode: 0o755)
    let changes = try scratch.installation().install()
    #expect(changes.contains { $0.hook == .commitMessage && $0.kind == kind })
    #expect(try scratch.commit("refused").status == 1)
  }

  static let readers: [(String, HookChange.Kind)] = [
    ("#!/bin/sh\nset -eu\nwhile read -r line; do echo \"$1 $line\" >>theirs; done\n", .inserted),
    ("#!/usr/bin/env bash\n{ printf '%s ' \"$1\"; exec cat; } >>theirs\n", .inserted),
    ("#!/usr/bin/env perl\nopen(F, '>>theirs'); print F \"$ARGV[0] $_\" while <STDIN>;\n", .chained)
  ]

  @Test(arguments: readers)
  func `standard input reaches both`(text: String, kind: HookChange.Kind) throws {
    let scratch = try HookScratch()
    scratch.addRemote()
    for name in ["pre-push", "post-rewrite"] { try scratch.write(text, to: scratch.hook(name), mode: 0o755) }
    let changes = try scratch.installation().install()
    #expect(changes.count { $0.kind == kind } == 2)
    let old = scratch.head
    scratch.git("commit", "-q", "--amend", "--no-edit", "--date=2020-01-01T00:00:00Z")
    let map = "\(old) \(scratch.head)"
    #expect(scratch.calls().suffix(2) == ["post-rewrite [amend]", "  < \(map)"])
    #expect(try Files.read(scratch.tree + "/theirs") == Array("amend \(map)\n".utf8))
    Files.remove(scratch.tree + "/theirs")
    #expect(scratch.git("push", "-q", "origin", "main").status == 0)
    let line = "refs/heads/main \(scratch.head) refs/heads/main \(String(repeating: "0", count: 40))"
    #expect(scratch.calls().last == "  < \(line)")
    #expect(try Files.read(scratch.tree + "/theirs") == Array("origin \(line)\n".utf8))
    // Also where the program is gone.
    Files.remove(scratch.tree + "/theirs")
    Files.remove(scratch.orch)
    scratch.git("push", "-q", "origin", "main:other")
    #expect(Files.exists(scratch.tree + "/theirs"))
  }

  @Test func `more input than a pipe holds`() throws {
    let scratch = try HookScratch()
    scratch.addRemote()
    try scratch.write("#!/bin/sh\nexec cat >theirs\n", to: scratch.hook("pre-push"), mode: 0o755)
    _ = try scratch.installation().install()
    let head = scratch.head
    let packed = (0..<1500).map { "\(head) refs/tags/a-rather-long-name-for-a-tag-\($0)\n" }.joined()
    try Files.write("# pack-refs with: peeled fully-peeled sorted \n" + packed, to: scratch.tree + "/.git/packed-refs")
    #expect(scratch.git("push", "-q", "--tags", "origin").status == 0)
    #expect(scratch.calls().count == 1501)
    #expect(try Files.read(scratch.tree + "/theirs").count { $0 == UInt8(ascii: "\n") } == 1500)
    // One that reads nothing of it.
    try scratch.write("#!/bin/sh\nexit 0\n", to: scratch.hook("pre-push"), mode: 0o755)
    _ = try scratch.installation().install()
    scratch.git("push", "-q", "--delete", "origin", "refs/tags/a-rather-long-name-for-a-tag-1")
    #expect(scratch.git("push", "-q", "--tags", "origin").status == 0)
  }

  @Test func `a link is set aside, and what it leads to never written`() throws {
    let scratch = try HookScratch()
    let shared = scratch.root + "/shared/dispatch"
    try scratch.write(
      "#!/bin/sh\necho \"$(basename \"$0\") $(readlink -f \"$0\")\" >>theirs\n", to: shared, mode: 0o755)
    for name in ["commit-msg", "post-commit"] {
      let target = name == "commit-msg" ? shared : "../../../shared/dispatch"
      scratch.run("/bin/ln", ["-s", target, scratch.hook(name)], in: "/")
    }
    scratch.run("/bin/ln", ["-s", "nowhere", scratch.hook("post-merge")], in: "/")
    let before = try scratch.listing(scratch.hook("")) + scratch.listing(scratch.root + "/shared")
    let installation = try scratch.installation()
    #expect(try installation.install().count { $0.kind == .chained } == 3)
    #expect(try installation.install().isEmpty)
    let status = installation.status().first { $0.hook == .postCommit }
    #expect(status?.original == scratch.hook("post-commit.orch-original"))
    #expect(try scratch.commit("second").stderr == "")
    #expect(scratch.calls().count == 3)
    #expect(
      String(decoding: try Files.read(scratch.tree + "/theirs"), as: UTF8.self)
        == "commit-msg \(shared)\npost-commit \(shared)\n")
    _ = try installation.uninstall()
    #expect(try scratch.listing(scratch.hook("")) + scratch.listing(scratch.root + "/shared") == before)
  }
}
