import OrchCore
import OrchTestSupport
import Testing

@Suite("Checks and decisions")
struct DecideRecordTests {
  static let result = CheckResult(
    name: "test", command: "swift test", exitStatus: 1, durationMilliseconds: 1200, outputHash: .numbered(7),
    head: "o1", tree: "t1", dirty: false)

  @Test func `a check records what was observed, under the holder's fence`() {
    given(added(), claimed()).when(.check(Self.result, fence: 1), by: .named("a", at: at(20))).then(
      event(
        .checkRecorded, "a", at: at(20), fence: 1,
        [
          .command: "swift test", .dirty: .bool(false), .durationMs: .int(1200), .exitStatus: .int(1), .head: "o1",
          .host: "box", .instance: "/w", .name: "test", .outputHash: .string(Digest.numbered(7).hex), .tree: "t1"
        ]))
  }

  @Test func `who lost the lease records nothing, anybody else may observe`() {
    let history = given(added(), claimed(), failed(), claimed("b", fence: 2, attempt: 2, at: at(30)))
    history.when(.check(Self.result, fence: 1), by: .named("a", at: at(40))).thenRefused(.leaseLost)
    let observed = history.when(.check(Self.result, fence: nil), by: .named("r", at: at(40)))
    #expect(observed.types == [.checkRecorded] && observed.events.first?.fence == nil)
    #expect(
      observed.state().session
        == with(history.state.session) {
          $0.seq += 1; $0.at = at(40); $0.neededVocabulary = EventType.checkRecorded.vocabulary
        })
  }

  static let current = CurrentDecision(
    id: .numbered(1), key: "api", value: "v2", by: "jq", because: "fewer calls", at: at(5))

  private func settle(_ value: String, supersedes: EventID? = nil, over: CurrentDecision?) -> Decided {
    given([]).when(
      .recordDecision(NewDecision(key: "api", value: value, because: "why", supersedes: supersedes), over: over),
      by: .named("a", at: at(20)))
  }

  @Test func `a value is settled once, and changed by who names what it was`() {
    settle("v2", over: nil).then(
      event(
        .decisionMade, "a", at: at(20), task: nil,
        [.because: "why", .host: "box", .instance: "/w", .key: "api", .value: "v2"]))
    settle("v1", over: Self.current).thenRefused(.decided(Self.current))
    settle("v1", supersedes: .numbered(2), over: Self.current).thenRefused(.decided(Self.current))
    settle("v2", supersedes: .numbered(2), over: Self.current).thenRefused(.decided(Self.current))
    #expect(settle("v1", supersedes: .numbered(1), over: Self.current).types == [.decisionMade])
    #expect(settle("v2", supersedes: .numbered(1), over: Self.current).types == [.decisionMade], "for another reason")
    settle("v2", over: Self.current).then()
    settle("v1", supersedes: .numbered(1), over: nil).thenRefused(.nothingDecided)
  }
}

private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
  var value = value
  change(&value)
  return value
}
