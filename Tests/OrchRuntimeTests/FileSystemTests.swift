import OrchSystem
import OrchTestSupport
import SystemPackage
import Testing

@Suite("FileIO of the system") struct FileSystemTests {
  private let scratch = ScratchDirectory()

  @Test func `a file is there when it is complete, and keeps its rights`() throws {
    let path = scratch.path + "/file"
    try Files.write("old", to: path)
    Files.setMode(path, 0o640)
    let file = try AtomicFile(path, .kept)
    try file.write("new".utf8)
    #expect(try FileIO.read(path) == Array("old".utf8))
    try file.commit()
    #expect(try FileIO.read(path) == Array("new".utf8))
    #expect(try FileStatus(of: path).permissions == 0o640)
  }

  @Test func `what is given up leaves nothing`() throws {
    do {
      let file = try AtomicFile(scratch.path + "/file", .owner)
      try file.write("half".utf8)
    }
    #expect(try FileIO.names(in: scratch.path) == [])
  }

  @Test func `a limit is kept`() throws {
    let path = try Files.write("12345", to: scratch.path + "/file")
    #expect(try FileIO.read(path, limit: 5).count == 5)
    #expect(throws: Errno.fileTooLarge) { try FileIO.read(path, limit: 4) }
  }

  @Test func `missing directories are made, and a file among them is said`() throws {
    try FileIO.createDirectories(scratch.path + "/a", permissions: 0o700)
    try FileIO.createDirectories(scratch.path + "/a", permissions: 0o700)
    #expect(try FileStatus(of: scratch.path + "/a").permissions == 0o700)
    try FileIO.removeDirectory(scratch.path + "/a")
    try Files.write("x", to: scratch.path + "/b")
    #expect(throws: Errno.notDirectory) { try FileIO.createDirectories(scratch.path + "/b") }
  }

  @Test func `a child runs where it is told, and its status is a shell's`() throws {
    let out = try Pipe()
    var start = ChildProcess.Start(["/bin/sh", "-c", "pwd; exit 7"])
    start.directory = "/"
    start.output = out.writer
    let child = try ChildProcess(start)
    out.closeWriter()
    #expect(try FileIO.read(out.reader) == Array("/\n".utf8))
    #expect(child.wait() == 7)
    out.close()
    #expect(throws: Errno.noSuchFileOrDirectory) { try ChildProcess(.init(["/no/such/program"])) }
  }
}
