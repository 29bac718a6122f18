import OrchCore
import OrchTestSupport
import Testing

/// A home link of 80 ms must not cost a second: how often each command waits for the server once it is connected.
@Suite("Round trips", .needsPostgres)
struct RoundTripTests {
  /// A home whose commands go through a proxy that counts.
  private struct Counted {
    let home: Home
    let proxy: PostgresProxy

    init() throws {
      home = Home(engine: .postgres)
      let database = try #require(home.postgres)
      proxy = try PostgresProxy(to: database.server)
      // A pipeline arrives as one when the way there takes time: more than a busy machine takes to send the rest of it.
      proxy.latencyMilliseconds = 100
    }

    /// Runs a command; how many round trips it took.
    func trips(_ words: String...) throws -> Int {
      let database = try #require(home.postgres)
      // What the command before left on the way is not this one's.
      #expect(eventually { proxy.openConnections == 0 })
      proxy.reset()
      let outcome = home.command(
        words, environment: ["ORCH_DATABASE_URL": database.url(port: proxy.port), "ORCH_AGENT": "ann"]
      ).run()
      #expect(outcome.status == 0, "\(words): \(outcome.stderr)")
      return proxy.roundTrips
    }
  }

  @Test func `are few for what agents do all day`() throws {
    let counted = try Counted()
    for number in 1...3 { counted.home.add("Task \(number)", "--project", "p") }
    #expect(try counted.trips("claim", "--project", "p") <= 4)
    #expect(try counted.trips("heartbeat") <= 2)
    #expect(try counted.trips("checkpoint", "--next", "x") <= 3)
    #expect(try counted.trips("checkpoint", "--next", "y") <= 3)
    #expect(try counted.trips("heartbeat", "--ttl", "1h") <= 2)
    #expect(try counted.trips("release", "done", "-m", "done") <= 3)
    // With the file of the lease before, and a task with a history.
    #expect(try counted.trips("claim", "--project", "p") <= 4)
    #expect(try counted.trips("release", "failed", "-m", "no", "--retry-in", "0") <= 3)
    #expect(try counted.trips("claim", "--project", "p") <= 4)
    #expect(try counted.trips("resume") <= 4)
    #expect(try counted.trips("release", "requeue") <= 3)
  }

  @Test func `are few where others wait for the task`() throws {
    let counted = try Counted()
    counted.home.add("First", "--id", "a")
    for name in ["b", "c", "d"] { counted.home.add("Waits", "--id", name, "--after", "a") }
    #expect(try counted.trips("claim", "a") <= 4)
    #expect(try counted.trips("release", "done") <= 3)
    #expect(counted.home.json("show", "b")["task", "state"]?.stringValue == "queued")
  }
}
