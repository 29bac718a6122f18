import OrchCore
import OrchApp
import OrchRuntime
import OrchSystem

/// The words that the process was started with, byte for byte, without the program's name.
enum RawArguments {
  static var all: [[UInt8]] {
    // Swift finds the words beside the environment, which a preloaded library (libfaketime does) may have moved away.
    var words: [[UInt8]] = []
    for index in 0..<Int(CommandLine.argc) {
      guard let word = CommandLine.unsafeArgv[index] else { break }
      words.append(Array(UnsafeRawBufferPointer(start: word, count: UnsafePointer(word).length)))
    }
    return Array((words.isEmpty ? CurrentProcess.kernelArguments : words).dropFirst())
  }

  /// Blots out, where others can read them, the arguments that hold a server's address: there may be a password in it.
  ///
  /// - Returns: whether there was an address with a password.
  static func scrubPasswords() -> Bool {
    var found = false
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let word = CommandLine.unsafeArgv[index] else { break }
      let text = String(cString: word)
      let option = ["--database=", "--to="].first { text.hasPrefix($0) }
      let address = String(text.dropFirst(option?.count ?? 0))
      guard EngineRegistry.standard.hasPassword(address) else { continue }
      word.update(repeating: CChar(UInt8(ascii: "*")), count: UnsafePointer(word).length)
      found = true
    }
    return found
  }

  /// The absolute path of this program, as it was called: a link that leads to it may lead to a newer one tomorrow.
  static func program() throws -> String {
    let name = CommandLine.unsafeArgv[0].map { String(cString: $0) } ?? ""
    // It was called from where the process was started, whatever directory the command is for.
    if name.contains("/") { return try Workspace().absolute(name) }
    for directory in (Environment.process["PATH"] ?? "").split(separator: ":") where directory.hasPrefix("/") {
      let path = "\(directory)/\(name)"
      if FileIO.isExecutable(path) { return path }
    }
    guard let path = CurrentProcess.executable else {
      throw OrchError(.internal, .errorNoProgramPath, hint: .text(.hintWholePath))
    }
    return path
  }
}
