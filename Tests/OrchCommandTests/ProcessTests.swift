import OrchCore
import OrchTestSupport
import Testing

@Suite("Many processes at once", .eachEngine)
struct ProcessTests {
  @Test func `sixteen create one database`() {
    let home = Home(initialized: false)
    // Only a database in the usual place is made by the way; one on a server is made by `init` alone.
    let inits = home.postgres == nil ? 2 : 1
    let runs = (0..<16).map {
      $0 % inits == 0 ? home.start("init", "--json") : home.start("add", "Task \($0)", "--json")
    }
    var logs: Set<String> = []
    var created = 0
    for run in runs {
      let outcome = run.wait()
      #expect(outcome.status == 0, "\(outcome.stderr)")
      if let log = outcome.json["log"]?.stringValue { logs.insert(log) }
      if outcome.json["created"]?.boolValue == true, outcome.json["log"] != nil { created += 1 }
    }
    #expect(logs.count == 1 && created <= 1)
    #expect(home.ok("list").lines.count == (home.postgres == nil ? 8 : 0))
    #expect(Files.names(in: home.path + "/state/data").allSatisfy { !$0.hasSuffix(".new") })
    home.ok("verify")
  }

  @Test func `sixteen claim fifty tasks: no task twice, none lost`() {
    let home = Home()
    let lines = (0..<50).map { #"{"title":"Task \#($0)","id":"n\#($0)","priority":\#($0 % 3)}"# }
    home.ok("add", "--from", "-", "-q", input: lines.joined(separator: "\n"))
    // Each worker claims until nothing is left.
    let runs = (0..<16).map { worker -> RunningCommand in
      var run = home.command([], as: "worker-\(worker)")
      run.program = "/bin/sh"
      run.arguments = [
        "-c", "while \"$0\" claim --another --json --timeout 5m; do :; done", CommandRunner.binary
      ].map { Array($0.utf8) }
      return run.start()
    }
    var taken: [String] = []
    for run in runs {
      let outcome = run.wait()
      taken += outcome.objects.compactMap { $0["task", "id"]?.stringValue }
      #expect(outcome.error["code"]?.stringValue == "nothing-claimable", "\(outcome.stderr)")
    }
    #expect(taken.count == 50 && Set(taken).count == 50)
    #expect(home.json("status")["counts", "running"]?.intValue == 50)
    home.ok("verify")
  }

  @Test func `one lease is taken by one of sixteen`() {
    let home = Home()
    home.add("First", "--id", "a")
    let runs = (0..<16).map { home.start("claim", "a", "--json", as: "worker-\($0)") }
    var statuses: [Int32] = []
    for run in runs { statuses.append(run.wait().status) }
    #expect(statuses.sorted() == [0] + Array(repeating: 75, count: 15))
    home.ok("verify")
  }

  @Test func `a key is added once by sixteen`() {
    let home = Home()
    let runs = (0..<16).map { _ in home.start("add", "Daily", "--key", "daily", "--json") }
    var ids: Set<String> = []
    var created = 0
    for run in runs {
      let outcome = run.wait()
      ids.insert(outcome.json["task", "id"]?.stringValue ?? outcome.stderr)
      if outcome.json["created"]?.boolValue == true { created += 1 }
    }
    #expect(ids.count == 1 && created == 1)
    #expect(home.ok("log", "--oneline").lines.count == 1)
  }

  @Test func `sixteen restarts leave one holder`() {
    let home = Home()
    home.add("First", "--id", "a")
    home.claim()
    let runs = (0..<16).map { _ in home.start("resume", "--json", as: "ann") }
    var tokens: [String] = []
    for run in runs {
      let outcome = run.wait()
      if outcome.status == 0 { tokens.append(outcome.json["lease", "token"]?.stringValue ?? "") }
    }
    #expect(!tokens.isEmpty)
    let live = tokens.filter { home.orch("heartbeat", "--token", $0, as: "ann").status == 0 }
    #expect(live.count == 1)
    home.ok("verify")
  }

  @Test func `killed anywhere, nothing is half done`() {
    let home = Home()
    home.ok(
      "add", "--from", "-", "-q",
      input: (0..<40).map { #"{"title":"Task \#($0)","id":"n\#($0)"}"# }.joined(separator: "\n"))
    let moments = home.moments(of: ["list"], count: 10)
    for round in 0..<10 {
      let runs = (0..<8).map { worker -> RunningCommand in
        switch (worker + round) % 4 {
        case 0: home.start("claim", "--another", as: "worker-\(worker)")
        case 1: home.start("add", "More", "--claim", as: "worker-\(worker)")
        case 2: home.start("resume", as: "worker-\(worker)")
        default:
          home.start(
            "add", "--from", "-", "-q",
            input: (0..<30).map { "{\"title\":\"r\(round) w\(worker) \($0)\"}" }.joined(separator: "\n"))
        }
      }
      for (index, run) in runs.enumerated() { run.killAfter(moments[(index + round) % moments.count] / 2) }
    }
    home.ok("verify")
    // A batch is there whole or not at all.
    var batches: [String: Int] = [:]
    for task in home.ok("list", "--json").objects {
      guard let title = task["title"]?.stringValue, title.hasPrefix("r") else { continue }
      batches[title.split(separator: " ").prefix(2).joined(separator: " "), default: 0] += 1
    }
    #expect(batches.values.allSatisfy { $0 == 30 })
    // What died between the commit and its answer is found again.
    for worker in 0..<8 {
      let held = home.json("brief", as: "worker-\(worker)")["held"]?.arrayValue ?? []
      guard !held.isEmpty else { continue }
      let resumed = home.orch("resume", "-q", "--json", as: "worker-\(worker)")
      #expect(resumed.status == 0, "\(resumed.stderr)")
    }
    home.ok("init")
    home.ok("add", "afterwards")
    home.ok("verify")
  }

  @Test func `killed while it creates, the next one creates`() {
    for moment in Home(initialized: false).moments(of: ["init"], count: 8) {
      let home = Home(initialized: false)
      home.start("init").killAfter(moment)
      home.ok("init")
      home.ok("add", "First")
      home.ok("verify")
    }
  }
}
