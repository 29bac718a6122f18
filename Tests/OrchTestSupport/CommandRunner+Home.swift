#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
package import OrchApp
package import OrchCore
package import Testing

/// A home directory of a test's own, gone with the test: nothing of the user's is read or touched.
package final class Home: Sendable {
  /// Its path, without symbolic links.
  package let path: String
  /// Where commands run, unless told otherwise.
  package var work: String { path + "/work" }
  /// The default database's path.
  package var database: String { path + "/state/data/orchestrator.db" }
  package var leases: String { path + "/state/data/leases" }
  /// Where the default database of its commands is: a path or an address.
  package var address: String { postgres?.url ?? database }
  /// The database that the commands are given; nil when it is the default one.
  package let postgres: PostgresDatabase?

  /// - Parameters:
  ///   - initialized: whether `orch init` has run.
  ///   - engine: whose database the commands get, a new one.
  package init(initialized: Bool = true, engine: Engine = .current) {
    path = Files.makeScratch()
    postgres = Self.makeDatabase(engine)
    Files.makeDirectory(work)
    if initialized { ok("init") }
  }

  deinit { Files.remove(path) }

  /// A directory below the home, made.
  package func directory(_ name: String) -> String {
    let made = path + "/" + name
    Files.makeDirectory(made)
    return made
  }

  /// A file below the home, written.
  package func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }

  package func file(_ name: String, _ bytes: [UInt8]) -> String {
    (try? Files.write(bytes, to: path + "/" + name)) ?? ""
  }

  /// Another program, in the environment that a test's commands have.
  package func program(
    _ path: String, _ words: [String], in directory: String? = nil, environment: [String: String] = [:]
  ) -> CommandLineRun {
    var run = command([], in: directory, environment: environment)
    run.program = path
    run.arguments = words.map { Array($0.utf8) }
    return run
  }

  /// The words of a command, with a time limit that no machine is too slow for. A test whose subject is the limit gives
  /// its own.
  ///
  /// A hook has a limit of its own, and without a command there is nothing to limit.
  private static func unhurried(_ words: [String]) -> [String] {
    let hasLimit = words.contains { $0 == "--timeout" || $0.hasPrefix("--timeout=") }
    guard !hasLimit, words.first != "hooks", words.contains(where: { !$0.hasPrefix("-") }) else { return words }
    return ["--timeout", "5m"] + words
  }

  /// The command line, in the environment that a test's commands have and no other.
  package func command(
    _ words: [String], as agent: String? = nil, in directory: String? = nil, input: String? = nil,
    environment: [String: String] = [:], output: String? = nil
  ) -> CommandLineRun {
    var variables = [
      "HOME": path, "OPENCLAW_STATE_DIR": path + "/state", "PATH": "/usr/bin:/bin", "TZ": "UTC", "LANG": "C.UTF-8"
    ]
    variables["ORCH_AGENT"] = agent
    variables["ORCH_DATABASE_URL"] = postgres?.url
    for (name, value) in environment { variables[name] = value }
    let stdin = input.map { file("stdin-\(UInt32.random(in: 0 ... .max))", $0) }
    return CommandLineRun(
      program: CommandRunner.binary, arguments: Self.unhurried(words).map { Array($0.utf8) }, environment: variables,
      directory: directory ?? work, input: stdin, output: output, scratch: path)
  }

  /// Runs `orch` and waits for its end.
  @discardableResult
  package func orch(
    _ words: String..., as agent: String? = nil, in directory: String? = nil, input: String? = nil,
    environment: [String: String] = [:], output: String? = nil
  ) -> CommandOutcome {
    command(words, as: agent, in: directory, input: input, environment: environment, output: output).run()
  }

  /// Starts `orch`.
  package func start(
    _ words: String..., as agent: String? = nil, in directory: String? = nil, input: String? = nil,
    environment: [String: String] = [:], output: String? = nil
  ) -> RunningCommand {
    command(words, as: agent, in: directory, input: input, environment: environment, output: output).start()
  }

  /// Runs `orch`, which is to succeed.
  @discardableResult
  package func ok(
    _ words: String..., as agent: String? = nil, in directory: String? = nil, input: String? = nil,
    environment: [String: String] = [:], at place: SourceLocation = #_sourceLocation
  ) -> CommandOutcome {
    let outcome = command(words, as: agent, in: directory, input: input, environment: environment).run()
    #expect(outcome.status == 0, "\(words): \(outcome.stderr)", sourceLocation: place)
    return outcome
  }

  /// Runs `orch --json`, which is to succeed, and reads its one object.
  @discardableResult
  package func json(
    _ words: String..., as agent: String? = nil, in directory: String? = nil, input: String? = nil,
    environment: [String: String] = [:], at place: SourceLocation = #_sourceLocation
  ) -> JSON {
    let outcome = command(words + ["--json"], as: agent, in: directory, input: input, environment: environment).run()
    #expect(outcome.status == 0, "\(words): \(outcome.stderr)", sourceLocation: place)
    #expect(
      outcome.objects.count == 1 && outcome.lines.count == 1, "\(words): \(outcome.stdout)", sourceLocation: place)
    return outcome.json
  }

  /// Runs `orch --json`, which is to fail with a code, and reads its error: nothing on standard output.
  @discardableResult
  package func fails(
    _ code: ErrorCode, _ words: String..., as agent: String? = nil, in directory: String? = nil,
    input: String? = nil, environment: [String: String] = [:], at place: SourceLocation = #_sourceLocation
  ) -> JSON {
    let outcome = command(["--json"] + words, as: agent, in: directory, input: input, environment: environment).run()
    let error = outcome.error
    #expect(outcome.status == code.exitStatus, "\(words): \(outcome.stderr)", sourceLocation: place)
    #expect(error["code"]?.stringValue == code.rawValue, "\(words): \(outcome.stderr)", sourceLocation: place)
    #expect(error["exitStatus"]?.intValue == Int64(code.exitStatus), sourceLocation: place)
    #expect(error["message"]?.stringValue?.isEmpty == false && error["hint"] != nil, sourceLocation: place)
    #expect(outcome.stdout == "", "\(words)", sourceLocation: place)
    return error
  }
}

extension Home {
  /// Adds a task and returns its id.
  @discardableResult
  package func add(
    _ title: String, _ words: String..., as agent: String? = "jq", at place: SourceLocation = #_sourceLocation
  ) -> String {
    let outcome = command(["add", title, "--json"] + words, as: agent).run()
    #expect(outcome.status == 0, "\(outcome.stderr)", sourceLocation: place)
    return outcome.json["task", "id"]?.stringValue ?? "?"
  }

  /// Claims and returns the token.
  @discardableResult
  package func claim(
    _ words: String..., as agent: String = "ann", in directory: String? = nil,
    at place: SourceLocation = #_sourceLocation
  ) -> String {
    let outcome = command(["claim", "--json"] + words, as: agent, in: directory).run()
    #expect(outcome.status == 0, "\(outcome.stderr)", sourceLocation: place)
    return outcome.json["lease", "token"]?.stringValue ?? "?"
  }

  /// Starts a claim that waits for work, and returns once it has found none.
  ///
  /// A claim writes the file of its lease first and removes it when there is nothing to claim: this one has a directory
  /// of its own for them.
  package func startWaitingClaim(
    _ words: String..., as agent: String, at place: SourceLocation = #_sourceLocation
  ) -> RunningCommand {
    let state = directory("waiting-\(agent)")
    let waiting = command(
      ["claim"] + words + ["--wait", "--json"], as: agent,
      environment: ["OPENCLAW_STATE_DIR": state, "ORCH_DATABASE_URL": address]
    ).start()
    let files = state + "/data/leases"
    let hasLooked = eventually { waiting.hasEnded || (Files.exists(files) && Files.names(in: files).isEmpty) }
    #expect(hasLooked && !waiting.hasEnded, "the claim does not wait", sourceLocation: place)
    return waiting
  }

  /// Lets the lease of a task run out: shortens it to a second, and waits until the program shows it as late.
  ///
  /// The second is waited for without a thread, so that other tests run meanwhile.
  package func expireLease(
    of task: String, _ words: String..., as agent: String = "ann", in directory: String? = nil,
    at place: SourceLocation = #_sourceLocation
  ) async throws {
    let outcome = command(["heartbeat", task, "--ttl", "1s"] + words, as: agent, in: directory).run()
    #expect(outcome.status == 0, "\(outcome.stderr)", sourceLocation: place)
    try await waitASecond()
    let isLate = eventually { json("show", task, at: place)["task", "lease", "late"]?.boolValue == true }
    #expect(isLate, "the lease of \(task) did not run out", sourceLocation: place)
  }

  /// Moments at which to kill a command that takes about as long as another one: even parts of the time that takes.
  package func moments(of words: [String], count: Int) -> [Duration] {
    let clock = ContinuousClock()
    let whole = clock.measure { _ = command(words).run() }
    return (0..<count).map { whole * $0 / count }
  }

  /// The state of a task.
  package func state(_ task: String) -> String? {
    orch("show", task, "--json").json["task", "state"]?.stringValue
  }

  /// The types of a task's events, oldest first.
  package func events(_ task: String) -> [String] {
    orch("log", "--task", task, "--reverse", "--json").objects.compactMap { $0["type"]?.stringValue }
  }
}

extension JSON {
  /// What lies under keys.
  package subscript(first: String, rest: String...) -> JSON? {
    rest.reduce(self[first]) { $0?[$1] }
  }

  /// The keys of an object, as they stand.
  package var keys: [String] { objectValue?.map(\.key) ?? [] }
}
