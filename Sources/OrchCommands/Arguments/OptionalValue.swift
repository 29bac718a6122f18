/// An option whose value may be left out, which ArgumentParser does not know.
struct OptionalValue: Sendable {
  let option: String
  /// What stands for a value that is left out.
  let absent: String
  /// Whether the word behind the option is its value.
  let accepts: @Sendable (String) -> Bool

  /// The words with the option and its value as one word.
  func joined(_ words: [String]) -> [String] {
    guard let index = words.firstIndex(of: option) else { return words }
    var words = words
    if index + 1 < words.count, accepts(words[index + 1]) {
      words[index] += "=" + words.remove(at: index + 1)
    } else {
      words[index] += "=" + absent
    }
    return words
  }
}
