import OrchGit
import OrchTestSupport
import Testing

/// Files that somebody has changed since.
@Suite("Hooks: edited meanwhile")
struct HookEditTests {
  private func text(_ path: String) throws -> String { String(decoding: try Files.read(path), as: UTF8.self) }

  @Test func `only the section goes`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    try scratch.write("#!/bin/bash\n# one\nexit 0\n", to: path, mode: 0o755)
    let installation = try scratch.installation()
    _ = try installation.install()
    let edited = try text(path).replacing("# one", with: "# two\necho more") + "# last"
    try Files.write(edited.replacing("#!/bin/bash\n", with: "#!/bin/bash -e\n# added above\n"), to: path)
    Files.setMode(path, 0o711)
    #expect(try installation.install().isEmpty)
    _ = try installation.uninstall()
    #expect(try text(path) == "#!/bin/bash -e\n# added above\n# two\necho more\nexit 0\n# last")
    #expect(Files.mode(path) == 0o711)
  }

  @Test func `lines added to a file of ours stay`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    let installation = try scratch.installation()
    _ = try installation.install()
    try Files.write(try text(path) + "echo mine\n", to: path)
    #expect(try installation.install().isEmpty)
    #expect(try installation.uninstall().contains { $0.hook == .commitMessage && $0.kind == .removed })
    #expect(try text(path) == "#!/bin/sh\necho mine\n")
    #expect(Files.mode(path) == 0o755)
  }

  @Test func `lines added below a first line that did not end`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    try scratch.write("#!/bin/sh", to: path, mode: 0o755)
    let installation = try scratch.installation()
    _ = try installation.install()
    try Files.write(try text(path) + "echo mine\n", to: path)
    _ = try installation.uninstall()
    #expect(try text(path) == "#!/bin/sh\necho mine\n")
  }

  @Test func `an editor that changes line ends`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    let installation = try scratch.installation()
    _ = try installation.install()
    try Files.write(try text(path).replacing("\n", with: "\r\n"), to: path)
    #expect(installation.status().contains { $0.hook == .commitMessage && $0.state == .outdated })
    #expect(try installation.uninstall().count == HookName.allCases.count)
    #expect(!Files.exists(path))
  }

  @Test func `another place of the program, another version, bits that are gone`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    try scratch.write("#!/bin/sh\nexit 0", to: path, mode: 0o755)
    _ = try scratch.installation(orch: "/old/orch").install()
    let old = try text(path)
    let installation = try scratch.installation()
    #expect(installation.status().allSatisfy { $0.state == .outdated })
    #expect(try installation.install().allSatisfy { $0.kind == .updated })
    #expect(try !text(path).contains("/old/orch") && text(path).hasSuffix("\nexit 0"))

    try Files.write(old.replacing("# >>> orch 1 ", with: "# >>> orch 0 "), to: path)
    #expect(try installation.install().map { $0.kind } == [.updated])
    let future = old.replacing("# >>> orch 1 ", with: "# >>> orch 99 ")
    try Files.write(future, to: path)
    #expect(installation.status().contains { $0.hook == .commitMessage && $0.state == .newer })
    #expect(try installation.install().isEmpty)
    #expect(try text(path) == future)

    Files.setMode(scratch.hook("post-commit"), 0o644)
    #expect(installation.status().contains { $0.hook == .postCommit && $0.state == .disabled })
    #expect(try installation.install().map { $0.hook } == [.postCommit])
    #expect(Files.mode(scratch.hook("post-commit")) == 0o755)
    _ = try installation.uninstall()
    #expect(try text(path) == "#!/bin/sh\nexit 0")
  }

  @Test func `half a section is refused, before anything is changed`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("pre-push")
    let installation = try scratch.installation()
    _ = try installation.install()
    try Files.write(try text(path).replacing("# <<< orch <<<\n", with: ""), to: path)
    let before = try scratch.listing(scratch.hook(""))
    #expect(installation.status().last?.state == .damaged)
    #expect(throws: GitError.self) { try installation.uninstall() }
    #expect(throws: GitError.self) { try scratch.installation(orch: "/other/orch").install() }
    #expect(try scratch.listing(scratch.hook("")) == before)
  }

  @Test func `a hook that was copied into another`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    let installation = try scratch.installation()
    _ = try installation.install()
    try Files.write(
      try text(path) + text(scratch.hook("post-commit")).replacing("#!/bin/sh\n", with: "echo copied\n"), to: path)
    _ = try installation.uninstall()
    #expect(try text(path) == "#!/bin/sh\necho copied\n")
  }

  private let perl = "#!/usr/bin/perl\nopen(F, '>>theirs'); print F 1;\n"

  @Test func `what was set aside is not overwritten`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    try scratch.write(perl, to: path, mode: 0o755)
    let installation = try scratch.installation()
    _ = try installation.install()
    // Another program has put its own there.
    try scratch.write(perl + "# newer\n", to: path, mode: 0o755)
    let before = try scratch.listing(scratch.hook(""))
    #expect(throws: GitError.self) { try installation.install() }
    #expect(try scratch.listing(scratch.hook("")) == before)
    _ = try installation.uninstall()
    #expect(try text(path) == perl + "# newer\n")
    #expect(try text(path + ".orch-original") == perl)
  }

  @Test func `what was set aside is not forgotten`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    try scratch.write(perl, to: path, mode: 0o755)
    let before = try scratch.listing(scratch.hook(""))
    let installation = try scratch.installation()
    _ = try installation.install()
    Files.remove(path)
    #expect(try installation.install().map { $0.kind } == [.chained])
    // Without the link, too.
    Files.remove(scratch.hook("orch-original"))
    try scratch.commit("second")
    #expect(Files.exists(scratch.tree + "/theirs"))
    Files.remove(path)
    #expect(try installation.uninstall().contains { $0.hook == .commitMessage && $0.kind == .restored })
    #expect(try scratch.listing(scratch.hook("")) == before)
  }

  @Test func `lines in a file that makes way are refused`() throws {
    let scratch = try HookScratch()
    let path = scratch.hook("commit-msg")
    try scratch.write(perl, to: path, mode: 0o755)
    let installation = try scratch.installation()
    _ = try installation.install()
    try Files.write(try text(path).replacing("#!/bin/sh\n", with: "#!/bin/sh\necho mine\n"), to: path)
    let before = try scratch.listing(scratch.hook(""))
    #expect(throws: GitError.self) { try installation.uninstall() }
    #expect(try scratch.listing(scratch.hook("")) == before)
  }

  @Test func `a directory in a hook's place`() throws {
    let scratch = try HookScratch()
    Files.makeDirectory(scratch.hook("pre-push"))
    let installation = try scratch.installation()
    let before = try scratch.listing(scratch.hook(""))
    #expect(throws: GitError.self) { try installation.install() }
    #expect(try scratch.listing(scratch.hook("")) == before)
    #expect(try installation.uninstall().isEmpty)
  }
}
