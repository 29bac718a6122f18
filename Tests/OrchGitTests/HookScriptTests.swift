import Testing

@testable import OrchGit

@Suite("Hooks: languages")
struct HookScriptTests {
  @Test(arguments: [
    "#!/bin/sh\n", "#! /bin/bash -eu\n", "#!/usr/bin/env bash\r\n", "#!/usr/bin/env -S LANG=C dash -e\n", "#!/bin/zsh",
    "C:/x\n", "", "#!/bin/sh\nexec \"$(dirname -- \"$0\")/other\" \"$@\"\n", "#!/bin/sh\nexec \"$1\"\necho \"$0\"\n"
  ])
  func `what is a shell script`(text: String) { #expect(HookScript(Array(text.utf8)) == .shell) }

  @Test(arguments: [
    "#!/usr/bin/python3\n", "#!/usr/bin/env node\n", "#!/usr/bin/env -S deno run\n", "#!/usr/bin/fish\n",
    "#!/bin/csh\n", "#!\n", "#!/usr/bin/env\n", "\u{7f}ELF\0",
    "#!/bin/sh\n''''exec python3 \"$0\" \"$@\" # '''\nprint(1)\n",
    "#!/bin/sh\n# \\\nexec tclsh \"$0\" ${1+\"$@\"}\n", "#!/bin/sh\n':' //; exec node \"${0}\" \"$@\"\n"
  ])
  func `what is no shell script`(text: String) { #expect(HookScript(Array(text.utf8)) == .other) }
}
