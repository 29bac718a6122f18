import OrchRendering
import OrchApp
import OrchCore
import OrchRuntime
import OrchStore
import OrchSystem
import OrchTestSupport
import Testing

@Suite("Workspaces") struct WorkspaceTests {
  @Test func `a directory that is not there is refused by name`() {
    #expect {
      _ = try Workspace(in: "/nowhere/at/all")
    } throws: {
      let error = $0 as? OrchError
      return error?.code == .usage
        && error.map { StringTable().text($0.message).hasPrefix("cannot change to /nowhere/at/all: ") } == true
    }
  }

  @Test func `a file is no directory to run in`() throws {
    let scratch = RuntimeScratch(hasRepository: false)
    let file = try Files.write("x", to: scratch.path + "/file")
    #expect(throws: OrchError.self) { _ = try Workspace(in: file) }
  }

  @Test func `relative paths begin in the directory, whatever the process's own is`() throws {
    let scratch = RuntimeScratch(hasRepository: false)
    let workspace = try scratch.workspace()
    let real = try FileIO.realPath(scratch.directory)
    #expect(workspace.absolute("a/b") == real + "/a/b")
    #expect(workspace.absolute("/a/b") == "/a/b")
    #expect(workspace.defaultDatabase == real + "/../state/data/orchestrator.db")
    try Files.write("from the file", to: scratch.directory + "/note.txt")
    #expect(try InputReader(workspace).text("@note.txt", "body") == "from the file")
  }

  @Test func `a place in a work tree is its top`() throws {
    let scratch = RuntimeScratch()
    Files.makeDirectory(scratch.directory + "/deep/er")
    let workspace = try Workspace(in: scratch.directory + "/deep/er", environment: Environment { _ in nil })
    #expect(workspace.instance.name == (try FileIO.realPath(scratch.directory)))
    #expect(workspace.instance.isWorkTree)
  }

  @Test func `two in one process do not know of each other`() throws {
    let scratches = [RuntimeScratch(), RuntimeScratch()]
    for (number, scratch) in scratches.enumerated() {
      scratch.git("config", "orch.project", "project-\(number)")
      try Files.write("body \(number)", to: scratch.directory + "/body.txt")
      _ = try scratch.runtime().initialize([:])
    }
    try onThreads(scratches.count) { number in
      let scratch = scratches[number]
      let agent = ["ORCH_AGENT": "agent-\(number)"]
      for round in 0..<10 {
        var fields = TaskFields()
        fields.body = "@body.txt"
        let new = try scratch.runtime(agent).newTask(id: "t-\(round)", title: "Task \(number).\(round)", fields)
        _ = try scratch.runtime(agent).add(AddRequest(task: new))
        let claim = try scratch.runtime(agent).claim(ClaimRequest())
        #expect(claim.task.id == "t-\(round)")
        #expect(claim.task.content.body == "body \(number)")
        #expect(claim.task.project == "project-\(number)")
        _ = try scratch.runtime(agent).heartbeat(HolderRequest(), ttlSeconds: nil)
        _ = try scratch.runtime(agent).release(ReleaseRequest(.done, holder: HolderRequest()))
      }
    }
    for (number, scratch) in scratches.enumerated() {
      let head = scratch.git("rev-parse", "HEAD")
      var actors: Set<String> = []
      var heads: Set<String> = []
      try scratch.runtime().log(LogRequest(), revision: nil, titles: false) { line in
        let event = try line.recorded.entry().event
        actors.insert(event.roles.actor ?? "")
        heads.insert(event.commit?.oid ?? "")
        return true
      }
      #expect(actors == ["agent-\(number)"])
      #expect(heads == [head])
      #expect(try scratch.runtime().status().counts[.done] == 10)
    }
  }

  @Test func `a loop that goes on sees where the work tree stands by then`() throws {
    let scratch = RuntimeScratch()
    let runtime = try scratch.runtime(["ORCH_AGENT": "agent"])
    _ = try runtime.initialize([:])
    let first = runtime.repository.position?.oid
    scratch.git(
      "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "--allow-empty", "-m", "more")
    #expect(runtime.repository.position?.oid == first, "one request speaks of one head")
    var rounds = 0
    let polling = Polling(every: .zero, sleep: { _ in })
    try runtime.watchStatus(polling) { _ in
      rounds += 1
      return rounds < 2
    }
    #expect(rounds == 2)
    #expect(runtime.repository.position?.oid == scratch.git("rev-parse", "HEAD"))
  }
}
