import OrchApp
import OrchCore
import OrchTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("Exporting and importing")
struct ImportTests {
  /// Two homes: one with a history, and an empty one.
  private func homes(_ from: Home.Engine = .current, _ to: Home.Engine = .current) -> (Home, Home) {
    let home = Home(engine: from)
    home.history()
    return (home, Home(engine: to))
  }

  @Test func `an export is what the log prints, and a file is whole or not there`() throws {
    let home = Home()
    home.history()
    let log = home.ok("log", "--json", "--reverse").stdout
    #expect(home.ok("export").stdout == log && home.ok("export", "-o", "-").stdout == log)
    let exported = home.json("export", "-o", "out.jsonl")
    #expect(
      exported
        == .object([
          JSONMember(key: "file", value: .string("out.jsonl")), JSONMember(key: "events", value: .int(10 as Int64))
        ]))
    let file = home.work + "/out.jsonl"
    #expect(String(decoding: try Files.read(file), as: UTF8.self) == log && Files.mode(file) == 0o600)
    home.ok("export", "--session", "s", "-o", "out.jsonl")
    #expect(home.ok("export", "--session", "s").lines.allSatisfy { $0.contains(#""session":"s""#) })
    #expect(Files.names(in: home.work) == ["out.jsonl"])
    home.fails(.notFound, "export", "--session", "nosuch", "-o", "none.jsonl")
    home.fails(.usage, "export", "-o", "/dev/null")
    home.fails(.io, "export", "-o", "no/such/directory")
    #expect(Files.names(in: home.work) == ["out.jsonl"])
    #expect(home.orch("export", output: "/dev/full").status == 74)
  }

  @Test func `anybody can verify an export`() throws {
    let home = Home()
    home.history()
    home.ok("export", "-o", "log.jsonl")
    let script = """
      import hashlib, json, sys
      heads = {}
      for line in open("log.jsonl", encoding="utf-8"):
          event = json.loads(line)
          name = event.pop("id")
          text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
          assert hashlib.sha256(text.encode()).hexdigest() == name
          stream = event["log"], event["session"]
          seq, parent = heads.get(stream, (0, None))
          assert (event["seq"], event["parent"]) == (seq + 1, parent)
          heads[stream] = seq + 1, name
      print(len(heads))
      """
    guard access("/usr/bin/python3", X_OK) == 0 else { return }
    let outcome = home.program("/usr/bin/python3", ["-c", script]).run()
    #expect(outcome.status == 0 && outcome.stdout == "4\n", "\(outcome.stderr)")
  }

  @Test(arguments: Route.all) func `sessions go on where they were, and a second import finds nothing new`(
    _ route: Route
  ) throws {
    let (home, other) = homes(route.from, route.to)
    let file = home.path + "/log.jsonl"
    home.ok("export", "-o", file)
    let imported = other.json("import", file)
    #expect(imported.keys == ["events", "skipped", "sessions", "created", "held"])
    #expect(
      imported["events"]?.intValue == 10 && imported["sessions"]?.intValue == 4 && imported["created"]?.intValue == 4)
    #expect(imported["held"] == .array([.string("s")]))
    let again = other.json("import", file)
    #expect(again["events"]?.intValue == 0 && again["skipped"]?.intValue == 10 && again["sessions"]?.intValue == 0)
    #expect(other.ok("export").stdout == home.ok("export").stdout, "in the order of the file")
    other.ok("verify")

    // The token of here is good there, and so is the key; what waits goes on waiting.
    let lease = other.ok("show", "b", "--json").json["task", "lease"]
    #expect(lease?["agent"]?.stringValue == "ben" && lease?["fence"]?.intValue == 2)
    let token = try Files.names(in: home.leases).compactMap { name -> String? in
      let text = String(decoding: try Files.read(home.leases + "/" + name), as: UTF8.self)
      return text.contains("ben")
        ? try JSON.parse(text.split(separator: "\n").map(String.init)[0])["token"]?.stringValue : nil
    }.first
    other.ok("heartbeat", "--token", token ?? "", as: "ben")
    #expect(other.state("d") == "blocked")
    other.claim("c", as: "cy")
    other.ok("checkpoint", "--next", "z", as: "cy")
    other.ok("release", "done", as: "cy")
    #expect(other.state("d") == "queued")
    let chain = other.ok("log", "--session", "c", "--reverse", "--json").objects
    #expect(Set(chain.map { $0["log"] }).count == 1 && chain.map { $0["seq"]?.intValue } == [1, 2, 3, 4])
    other.ok("verify")

    // What is new here comes over, and what is new there goes back.
    other.ok("export", "--session", "c", "-o", file)
    #expect(home.json("import", file)["events"]?.intValue == 3)
    home.ok("note", "d", "-m", "from home")
    let tail = home.ok("export").lines.suffix(1).joined(separator: "\n")
    #expect(other.json("import", "-", input: tail)["events"]?.intValue == 1)
    #expect(home.ok("verify").status == 0 && other.ok("verify").status == 0)
  }

  @Test(arguments: Route.all) func `a fork and a gap are refused and named`(_ route: Route) throws {
    let (home, other) = homes(route.from, route.to)
    other.ok("import", "-", input: home.ok("export").stdout)
    home.ok("note", "c", "-m", "here")
    other.ok("note", "c", "-m", "there")
    home.ok("note", "d", "-m", "and here")
    let before = other.ok("export").stdout
    let fork = other.fails(.refused, "import", "-", input: home.ok("export").stdout)
    let names = home.ok("log", "--session", "c", "-n1", "--json").json["id"]
    #expect(fork["session"]?.stringValue == "c" && fork["seq"]?.intValue == 2 && fork["there"] == names)
    #expect(fork["here"] == other.ok("log", "--session", "c", "-n1", "--json").json["id"])
    #expect(fork["log"]?.stringValue?.utf8.count == 26)
    #expect(other.ok("export").stdout == before, "nothing of such a file is loaded")
    // Also where the file has nothing but the end, or ends before.
    home.ok("note", "c", "-m", "further")
    let tail = home.ok("export", "--session", "c").lines.suffix(1).joined(separator: "\n")
    other.fails(.refused, "import", "-", input: tail)
    other.ok("note", "c", "-m", "further there")
    let start = home.ok("export", "--session", "c").lines.prefix(2).joined(separator: "\n")
    other.fails(.refused, "import", "-", input: start)

    home.ok("note", "d", "-m", "one")
    home.ok("note", "d", "-m", "two")
    let end = home.ok("export", "--session", "d").lines.suffix(1).joined(separator: "\n")
    let gap = other.fails(.refused, "import", "-", input: end)
    #expect(gap["session"]?.stringValue == "d" && gap["seq"]?.intValue == 2)
    #expect(other.ok("export").lines.count == before.split(separator: "\n").count + 1)
    other.ok("verify")
  }

  @Test(arguments: Route.all.filter { $0.from == .sqlite }) func `names of several logs stay apart`(_ route: Route)
    throws
  {
    let (home, other) = homes(route.from, route.to)
    other.add("Own", "--id", "c", "--key", "k")
    other.add("Own waits", "--id", "d", "--after", "c")
    other.ok("import", "-", input: home.ok("export").stdout)
    let log = String((home.ok("export").objects.first?["log"]?.stringValue ?? "").prefix(6))
    #expect(other.ok("list").lines.contains { $0.hasPrefix("c@\(log)") })
    #expect(
      other.ok("list", "--json").objects.filter { $0["id"]?.stringValue == "c" }.count == 2,
      "JSON has the names of the log")
    #expect(other.json("show", "c")["task", "title"]?.stringValue == "Own")
    #expect(other.json("show", "c@\(log)")["task", "title"]?.stringValue == "Third")
    #expect(other.json("show", "session:c@\(log.lowercased())")["session", "log"]?.stringValue?.hasPrefix(log) == true)
    #expect(other.json("show", "b")["task", "title"]?.stringValue == "Second", "the only one of its name")
    other.fails(.notFound, "show", "c@ZZZZZZ")

    // What waits waits for the one of its own log.
    other.claim("c@\(log)")
    other.ok("checkpoint", "--next", "z", as: "ann")
    #expect(other.ok("status").stdout.contains("c@\(log)"))
    other.ok("release", "done", as: "ann")
    #expect(other.state("c") == "queued" && other.state("d") == "blocked")
    #expect(other.state("c@\(log)") == "done" && other.state("d@\(log)") == "queued")
    #expect(other.ok("log", "--oneline", "-n1").stdout.contains("task.done c@\(log)"))
    #expect(other.ok("log", "--task", "c@\(log)", "--json").lines.count == 4)
    #expect(other.ok("log", "--session", "c", "--json").lines.count == 1)
    #expect(other.json("add", "Again", "--key", "k")["created"]?.boolValue == false)
    other.fails(.refused, "edit", "d", "--after", "b")
    other.ok("cancel", "c", "-m", "x")
    #expect(other.json("retry", "c@\(log)", "-m", "x")["task", "state"]?.stringValue == "queued")
    other.claim("--session", "c@\(log)", as: "ben")
    other.ok("verify")

    // Two foreign logs: neither name alone says which.
    let third = Home(engine: .sqlite)
    third.add("Third home", "--id", "a")
    other.ok("import", "-", input: third.ok("export").stdout)
    let ambiguous = other.fails(.ambiguous, "show", "a")
    #expect(ambiguous["message"]?.stringValue?.contains("a@\(log)") == true)
    #expect(other.json("show", "a@\(log)")["task", "title"]?.stringValue == "First")
    #expect(other.ok("list").lines.filter { $0.hasPrefix("a@") }.count == 2)
    other.ok("verify")
    other.add("Own first", "--id", "a")
    #expect(other.json("show", "a")["task", "title"]?.stringValue == "Own first")
    let last = Home(engine: .sqlite)
    last.ok("import", "-", input: other.ok("export").stdout)
    last.ok("verify")
  }

  @Test(.eachEngine) func `what is no whole and true export is refused, and nothing of it is loaded`() throws {
    let (home, other) = homes()
    let lines = home.ok("export").lines
    let first = lines[0]
    func refused(_ input: [UInt8], _ what: String) {
      let file = other.file("hostile", input)
      let outcome = other.command(["import", "--json", file]).run()
      #expect(
        outcome.status == 65 && outcome.error["code"]?.stringValue == "invalid-input", "\(what): \(outcome.stderr)")
      #expect(other.ok("export").stdout == "", "\(what)")
    }
    func changed(_ old: String, _ new: String) -> [UInt8] { Array(first.replacing(old, with: new).utf8) }
    refused(changed("First", "Fjrst"), "an edited title")
    refused(changed("\"id\":\"", "\"id\":\"0"), "an id that is none")
    refused(changed("\"schema\":1", "\"schema\":2"), "a later schema")
    refused(changed("\"schema\":1", "\"schema\":1,\"schema\":1"), "a key twice")
    refused(changed("\"schema\":1", "\"schema\":1,\"more\":1"), "a key more")
    refused(changed("\"id\":", "\"ID\":"), "no id")
    refused(changed("task.added", "task.exploded"), "an unknown type")
    refused(changed("\"seq\":1", "\"seq\":1.0"), "a number that is none")
    refused(changed("\"priority\":5", "\"priority\":5.5"), "a fraction")
    refused(changed("\"priority\":5", "\"priority\":99999999999999999999"), "a number too large")
    refused(Array("[]".utf8), "an array")
    refused(Array("{}".utf8), "an empty object")
    refused(Array("not JSON".utf8), "no JSON")
    refused([0xFF, 0xFE, 0x7B], "no UTF-8")
    refused(Array((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 31) }), "binary")
    refused(Array(first.utf8.dropLast(5)), "a line cut off")
    refused(Array(repeating: UInt8(ascii: "x"), count: 10 << 20), "a long line")
    refused(Array("{\"a\":\"\(String(repeating: "y", count: 10 << 20))\"}".utf8), "a long line of JSON")
    refused(Array((lines[0] + "\n" + lines[0]).utf8), "an event twice")
    refused(
      Array(
        ([lines[1]] + lines.filter { $0.contains(#""session":"s""#) && !$0.contains(#""seq":2,"#) }).joined(
          separator: "\n"
        ).utf8), "a hole")
    refused(Array(lines.reversed().joined(separator: "\n").utf8), "newest first")
    let directory = other.fails(.invalidInput, "import", other.path)
    #expect(directory["message"]?.stringValue?.contains("no file") == true)
    other.fails(.invalidInput, "import", other.path + "/none")
    let line = other.fails(.invalidInput, "import", "-", input: lines.prefix(3).joined(separator: "\n") + "\nbroken")
    #expect(line["message"]?.stringValue?.contains("standard input, line 4") == true)
    // Nothing is nothing.
    #expect(other.json("import", "-", input: "")["events"]?.intValue == 0)
    other.ok("import", "-", input: lines.joined(separator: "\n"))
    other.ok("verify")
  }

  @Test func `what hashes well and no command writes is refused`() throws {
    let (home, other) = homes()
    var event = try #require(home.ok("export").objects.first?.objectValue)
    event.removeAll { $0.key == "id" }
    func forged(_ path: [String], _ value: JSON) -> String {
      func change(_ members: [JSONMember], _ path: ArraySlice<String>) -> [JSONMember] {
        members.map { member in
          guard member.key == path.first else { return member }
          guard path.count > 1, let inner = member.value.objectValue else {
            return JSONMember(key: member.key, value: value)
          }
          return JSONMember(key: member.key, value: .object(change(inner, path.dropFirst())))
        }
      }
      var bytes: [UInt8] = []
      JSON.object(change(event, path[...])).writeCanonical(into: &bytes)
      let body = String(decoding: bytes, as: UTF8.self)
      return "{\"id\":\"\(SHA256Text.hex(body))\"," + body.dropFirst()
    }
    for (path, value) in [
      (["data", "priority"], JSON.int(99 as Int64)), (["data", "maxAttempts"], .int(0 as Int64)),
      (["data", "maxAttempts"], .int(9_007_199_254_740_991 as Int64)),
      (["session"], .string("../x y")),
      (["task"], .string("")), (["log"], .string("short")), (["actor"], .string("two\nlines")),
      (["seq"], .int(0 as Int64)),
      (["data", "title"], .string(" ")), (["type"], .string("task.done")), (["type"], .string("task.claimed"))
    ] {
      let outcome = other.orch("import", "-", "--json", input: forged(path, value))
      #expect(outcome.status == 65, "\(path): \(outcome.stdout)\(outcome.stderr)")
    }
    // What is granted, and texts that are printed as the JSON that they are.
    let third = Home()
    third.add("P", "--id", "p", "--payload", "{}")
    third.claim("p")
    third.ok("add", "Q", "--id", "q", "--after", "p", as: "jq")
    let lines = third.ok("export").lines
    for (number, path, value) in [
      (0, ["data", "payload"], JSON.string("-x")), (0, ["data", "payload"], .string("1\n{}")),
      (1, ["fence"], .int(9_007_199_254_740_991 as Int64)), (1, ["data", "ttlSeconds"], .int(0 as Int64)),
      (1, ["data", "attempt"], .int(9_007_199_254_740_991 as Int64)),
      (2, ["data", "after"], .array([.string("p"), .string("p")])), (2, ["data", "after"], .array([.string("q")]))
    ] {
      event = try #require(try JSON.parse(lines[number]).objectValue)
      event.removeAll { $0.key == "id" }
      let input = (lines[..<number] + [forged(path, value)]).joined(separator: "\n")
      let outcome = other.orch("import", "-", "--json", input: input)
      #expect(outcome.status == 65, "\(path): \(outcome.stdout)\(outcome.stderr)")
    }
    event = try #require(home.ok("export").objects.first?.objectValue)
    event.removeAll { $0.key == "id" }
    #expect(other.ok("export").stdout == "")
    #expect(other.orch("import", "-", input: forged(["data", "title"], .string("Forged, but well"))).status == 0)
    other.ok("verify")
  }

  @Test func `standard input is not read for a database that is not there`() {
    let home = Home(initialized: false, engine: .sqlite)
    home.fails(.storeUnavailable, "import", "-", input: "x")
    home.fails(.storeUnavailable, "export")
    home.fails(.storeUnavailable, "move", "--to", home.path + "/other.db")
    #expect(!Files.exists(home.path + "/other.db"))
  }
}
