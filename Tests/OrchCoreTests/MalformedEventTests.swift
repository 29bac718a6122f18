import OrchCore
import OrchTestSupport
import Testing

/// An event that no command writes is an error, and never state.
@Suite("Malformed events")
struct MalformedEventTests {
  private func fault(_ event: Event, after history: [Event]) -> String? {
    do {
      _ = try evolve(given(history).state, event)
      return nil
    } catch {
      return error.fault.english
    }
  }

  @Test(arguments: EventType.allCases)
  func `the example of a type is well-formed`(type: EventType) {
    let example = EventExample.of(type)
    #expect(example.event.type == type)
    #expect(fault(example.event, after: example.history) == nil)
  }

  @Test(arguments: EventType.allCases)
  func `without a required key it is malformed, without another it is not`(type: EventType) {
    let example = EventExample.of(type)
    for key in EventKey.allCases {
      for value in [nil, JSON.null] {
        var event = example.event
        event.data[key] = value
        let expected = example.required.contains(key) ? "\(key.rawValue) is missing" : nil
        #expect(fault(event, after: example.history) == expected)
      }
    }
  }

  @Test(arguments: EventType.allCases)
  func `with a value of another kind it is malformed, whatever key that is`(type: EventType) {
    let example = EventExample.of(type)
    let values: [JSON] = [
      .bool(true), .int(7), "text", .array([.int(1)]), .object([JSONMember(key: "dirty", value: "x")])
    ]
    for key in EventKey.allCases {
      let faults = values.map { value in
        var event = example.event
        event.data[key] = value
        return fault(event, after: example.history)
      }
      // Each key has one kind: at most one of these values is of it, and the others are refused by name.
      let wrong = faults.filter { $0?.hasPrefix("\(key.rawValue) is not ") ?? false }.count
      #expect(wrong >= values.count - 1, "\(key): \(faults)")
    }
  }

  @Test(arguments: EventType.allCases)
  func `about a task that is not there it is malformed`(type: EventType) {
    let example = EventExample.of(type)
    var state = given(example.history).state
    let addsTask = type == .taskAdded || type == .taskImported
    state.task = addsTask ? given(added()).state.task : nil
    #expect(throws: MalformedEvent.self) { try evolve(state, example.event) }
    guard !addsTask else { return }
    state.task = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    #expect(throws: MalformedEvent.self) { try evolve(state, example.event) }
  }

  @Test func `a grant under a fence that was granted before is malformed`() {
    let history = [added(), claimed(), done()]
    #expect(fault(claimed(fence: 1, at: at(30)), after: history) == "the fence 1 was granted before")
    #expect(fault(claimed(fence: 2, at: at(30)), after: history) == nil)
    var event = claimed(fence: 2, at: at(30))
    event.fence = nil
    #expect(fault(event, after: history) == "fence is missing")
    event = claimed(fence: 2, at: at(30))
    event.roles.actor = nil
    #expect(fault(event, after: history) == "actor is missing")
  }

  @Test func `an answer to nothing is malformed`() {
    for type in [EventType.handoffAccepted, .handoffDeclined, .handoffExpired] {
      #expect(fault(EventExample.of(type).event, after: [added(), claimed()]) == "nothing is offered")
    }
    #expect(fault(EventExample.of(.reviewApproved).event, after: [added(), claimed()]) == "nothing is submitted")
    for type in [EventType.reviewApproved, .reviewRejected] {
      var example = EventExample.of(type)
      example.event.roles.reviewer = nil
      #expect(fault(example.event, after: example.history) == "reviewer is missing")
    }
  }

  @Test func `an imported state has to be one`() {
    var example = EventExample.of(.taskImported)
    example.event.data[.state] = "paused"
    #expect(fault(example.event, after: []) == "state is no state: paused")
  }

  @Test func `an unknown type is nothing that a decision may write`() {
    #expect(fault(event(.unknown("task.starred"), "x"), after: [added()]) == "an unknown type")
  }

  @Test func `it says what is wrong, and of which type`() {
    var event = EventExample.of(.commitLinked).event
    event.data[.oid] = nil
    #expect(throws: MalformedEvent.self) { try evolve(given(added()).state, event) }
    do { _ = try evolve(given(added()).state, event) } catch {
      #expect(error.message.english == "commit.linked: oid is missing")
    }
  }
}
