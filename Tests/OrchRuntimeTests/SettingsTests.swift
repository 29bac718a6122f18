import OrchApp
import OrchRendering
import OrchCore
import OrchRuntime
import OrchStore
import OrchTestSupport
import Testing

@Suite("Settings") struct SettingsTests {
  private let scratch = RuntimeScratch()

  private func agent(_ variables: [String: String], _ given: String? = nil) throws -> String? {
    var requested = RequestedSettings()
    requested.agent = given
    return try scratch.runtime(variables, requested).settings.value(
      of: .agent, given: given
    ) { try Validated.identifier($0, $1) }
  }

  @Test func `a request comes before the environment, and that before git's configuration`() throws {
    #expect(try agent([:]) == nil)
    scratch.git("config", "orch.agent", "from-git")
    #expect(try agent([:]) == "from-git")
    #expect(try agent(["ORCH_AGENT": ""]) == "from-git", "an empty variable is unset")
    #expect(try agent(["ORCH_AGENT": "from-variable"]) == "from-variable")
    #expect(try agent(["ORCH_AGENT": "from-variable"], "given") == "given")
  }

  @Test func `what the surroundings say badly is an error of the configuration`() {
    #expect {
      _ = try agent(["ORCH_AGENT": "not a name"])
    } throws: {
      ($0 as? OrchError)?.code == .configuration
    }
    #expect {
      _ = try agent([:], "not a name")
    } throws: {
      ($0 as? OrchError)?.code == .invalidInput
    }
  }

  @Test func `a request's database comes before the variables, and a path is absolute`() throws {
    var requested = RequestedSettings()
    let variables = ["ORCH_DATABASE_URL": "sqlite:variable.db", "ORCH_DB_PATH": "old.db"]
    let directory = try scratch.workspace().directory
    #expect(try scratch.runtime(variables, requested).address() == directory + "/variable.db")
    requested.database = "given.db"
    #expect(try scratch.runtime(variables, requested).address() == directory + "/given.db")
    requested.database = "postgres://host/name"
    #expect(try scratch.runtime(variables, requested).address() == "postgres://host/name")
  }

  @Test func `options of another engine are refused by its name`() throws {
    let engines = EngineRegistry.standard
    func message(_ options: EngineOptions) -> String? {
      do {
        _ = try engines.initialize(scratch.path + "/x.db", options, timeoutMilliseconds: 1000)
        return nil
      } catch {
        return (error as? OrchError).map { StringTable().text($0.message) }
      }
    }
    #expect(message(["roles": ""]) == "roles is for PostgreSQL databases")
    #expect(message(["journal": "wall"]) == "journal is one of wal, delete: wall")
  }

  @Test func `a third engine is one more value`() throws {
    let engine = MemoryEngine()
    let engines = EngineRegistry([engine] + EngineRegistry.standard.engines)
    #expect(try engines.engine(for: "memory:one").name == "memory")
    #expect(try engines.engine(for: "/a/path").name == "sqlite")
    #expect(try engines.engine(for: "service=one").name == "postgresql")
    var requested = RequestedSettings()
    requested.database = "memory:one"
    let runtime = Runtime(try scratch.workspace(["ORCH_AGENT": "agent"]), requested, engines: engines)
    let added = try runtime.add(AddRequest(task: runtime.newTask(id: nil, title: "In memory", TaskFields())))
    #expect(try runtime.claim(ClaimRequest()).task.id == added.task.id)
  }
}

/// One database in this process, used by one thread.
private struct MemoryEngine: Engine, @unchecked Sendable {
  let name = "memory"
  let title = "memory"
  let options: [EngineOption] = []
  let library = Library("memory", built: "1") { "1" }
  private let store = MemoryStore()

  func serves(_ address: String) -> Bool { address.hasPrefix("memory:") }
  func normalized(_ address: String, in directory: String) -> String { address }
  func shown(_ address: String) -> ShownAddress { ShownAddress(address) }
  func open(_ address: String, _ options: OpenOptions) throws -> any Store { store }

  func initialize(_ address: String, _ options: EngineOptions, timeoutMilliseconds: Int) throws -> Initialization {
    Initialization(database: address, engine: name, logID: store.logID, created: false, schemaVersion: 1)
  }

  func examine(_ address: String, timeoutMilliseconds: Int) throws -> [Finding] { [] }
}
