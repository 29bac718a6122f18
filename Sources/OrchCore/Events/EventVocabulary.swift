/// Which events a program knows, as one number that grows.
///
/// A program cannot know the names of what comes after it, but it can compare numbers. So every event type has one, and
/// a session's row keeps the highest of its events (`Session.neededVocabulary`): a program whose own number is lower
/// makes no decision about that session.
///
/// A new event type, a new schema number of a type, and a new optional key get the next number each. Of these the first
/// two raise what a session needs; a key raises only the program's own number, so that sessions whose rows were written
/// without it are replayed by the first program that has it (`Session.readVocabulary`).
package enum EventVocabulary {
  /// The highest number that this program knows.
  package static let current = 27
}
