import OrchCore

/// What ArgumentParser says is wrong with a command line, as a message of the string tables.
///
/// Its error types are not public, so its English sentence is taken apart. A sentence that is not known here stays as it
/// is; a test provokes each of those that the declarations of this program can lead to.
enum ParseProblem {
  /// - Parameter sentence: in lower case, as errors begin.
  static func message(_ sentence: String) -> Message? {
    let quoted = sentence.split(separator: "'", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    guard let first = quoted.first else { return nil }
    if sentence == "unknown option '\(first)'" { return .parseUnknownOption(option: first) }
    if quoted.count == 2, sentence == "unknown option '\(first)'. Did you mean '\(quoted[1])'?" {
      return .parseUnknownOptionNear(option: first, near: quoted[1])
    }
    if sentence == "missing value for '\(first)'" { return .parseMissingValue(option: first) }
    if sentence == "missing expected argument '\(first)'" { return .parseMissingArgument(argument: first) }
    if sentence == "unexpected argument '\(first)'" { return .parseUnexpectedArgument(argument: first) }
    if sentence.hasPrefix("\(quoted.count) unexpected arguments: '") {
      return .parseUnexpectedArguments(
        count: quoted.count, arguments: quoted.map { "'\($0)'" }.joined(separator: ", "))
    }
    if quoted.count == 2, sentence.hasPrefix("the option '\(first)' does not take any value") {
      return .parseTakesNoValue(option: first, value: quoted[1])
    }
    return nil
  }
}
