import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import OrchStore
import OrchSystem
import SystemPackage

/// Where results and errors go: results to stdout, everything else to stderr. Every write is checked.
final class Output {
  var isJSON: Bool
  var isQuiet = false
  /// Writes the texts; by the options of the command once they are known.
  lazy var reader = TextRenderer(strings: early())
  /// The texts until then.
  var early = { StringTable() }
  private var buffer: [UInt8] = []
  private var warned: Set<Message> = []
  private var failure: Errno?
  private lazy var isTerminal = FileDescriptor.standardOutput.isTerminal
  private var pager: Pager?
  private var last: [() -> Void] = []

  private init(json: Bool) { isJSON = json }

  static func standard(json: Bool) -> Output { Output(json: json) }

  /// One result: a JSON object on a line, or a text.
  func result(json: @autoclosure () -> JSON, text: @autoclosure () throws -> String) rethrows {
    if isJSON { line(json()) } else { write(try text()) }
  }

  func line(_ json: JSON) {
    if isTerminal {
      buffer.append(contentsOf: Terminal.escapedJSON(json.text()).utf8)
    } else {
      json.write(into: &buffer)
    }
    end()
  }

  /// A text and a new line; nothing for an empty text.
  func write(_ text: String) {
    guard !text.isEmpty else { return }
    buffer.append(contentsOf: text.utf8)
    if text.utf8.last != UInt8(ascii: "\n") { buffer.append(UInt8(ascii: "\n")) }
    if buffer.count > 65536 { flush() }
  }

  private func end() {
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count > 65536 { flush() }
  }

  /// Pages what follows, as git does, when stdout is a terminal.
  func page(_ environment: Environment) {
    guard !isJSON, pager == nil, isTerminal else { return }
    pager = Pager(environment)
  }

  /// Writes what is buffered. After a closed pipe nothing more is written.
  func flush() {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard failure == nil else { return }
    do {
      try buffer.withUnsafeBytes { try FileDescriptor.standardOutput.writeWaiting($0) }
    } catch {
      failure = error as? Errno ?? .ioError
    }
  }

  /// Whether the reader of the results has gone away.
  var isClosed: Bool { failure == .brokenPipe }

  /// Writes what is left.
  ///
  /// - Returns: the exit status of a command that did its work.
  /// - Throws: `io` when the results could not be written.
  func finish() throws -> Int32 {
    flush()
    for body in last { body() }
    last = []
    pager?.finish()
    pager = nil
    guard let failure else { return 0 }
    if failure == .brokenPipe { return 128 + Signals.brokenPipe }
    throw OrchError(
      .io, .errorStandardOutput(detail: failure.description), hint: .text(.hintTookEffect))
  }

  /// Runs `body` when the results are written.
  func atEnd(_ body: @escaping () -> Void) { last.append(body) }

  /// Tells that what was read is of a database that went elsewhere.
  func warn(of relocation: Relocation?) {
    guard let relocation else { return }
    warn(
      relocation.stage == .moved
        ? .warningMoved(database: relocation.database) : .warningBeingMoved(database: relocation.database))
  }

  /// Tells of something that stops nothing, once.
  func warn(_ message: Message) {
    guard !isQuiet, warned.insert(message).inserted else { return }
    Self.stderr("\(reader.localized(.warningLabel)) \(Terminal.escaped(reader.localized(message)))\n")
  }

  /// A remark beside the result.
  func remark(_ message: Message) {
    guard !isQuiet else { return }
    Self.stderr(text(ofRemark: message))
  }

  /// What `remark` writes.
  func text(ofRemark message: Message) -> String {
    Terminal.escaped(reader.localized(message), keepNewlines: true) + "\n"
  }

  /// - Returns: the exit status that belongs to the error.
  func report(_ error: OrchError) -> Int32 {
    if isJSON {
      let text = JSON.error(error, StringTable()).text()
      Self.stderr((FileDescriptor.standardError.isTerminal ? Terminal.escapedJSON(text) : text) + "\n")
    } else {
      var text = "\(reader.localized(.errorLabel)) \(Terminal.escaped(reader.localized(error.message)))\n"
      if let hint = error.hint {
        text += "\(reader.localized(.hintLabel)) \(Terminal.escaped(reader.localized(hint)))\n"
      }
      Self.stderr(text)
    }
    return error.code.exitStatus
  }

  static func stderr(_ text: String) {
    var text = text
    text.withUTF8 { try? FileDescriptor.standardError.writeWaiting(UnsafeRawBufferPointer($0)) }
  }
}

extension Output {
  /// Begins the terminal's screen anew.
  func clearScreen() {
    if FileDescriptor.standardOutput.isTerminal { write("\u{1B}[H\u{1B}[2J") }
  }
}
