import OrchCore
import Testing

@Suite("The vocabulary of events")
struct VocabularyTests {
  @Test func `every type has a number of its own, without gaps, and the program's is not below them`() {
    #expect(EventType.allCases.map(\.vocabulary) == Array(1...EventType.allCases.count))
    #expect(EventVocabulary.current >= EventType.allCases.count)
  }

  @Test func `numbers and names stay what they are`() {
    #expect(EventType.taskAdded.vocabulary == 1 && EventType.checkRecorded.vocabulary == 27)
    for type in EventType.allCases {
      #expect(EventType(rawValue: type.rawValue) == type)
      #expect(!type.isUnknown)
    }
    #expect(EventType(rawValue: "task.starred") == nil)
  }

  @Test func `what is not known needs more than this program has`() {
    #expect(EventType.unknown("task.starred").vocabulary == EventVocabulary.current + 1)
  }
}
