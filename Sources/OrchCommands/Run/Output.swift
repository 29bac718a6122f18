#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore
import OrchRendering
import OrchStore

/// Where results and errors go: results to stdout, everything else to stderr. Every write is checked.
final class Output {
  var isJSON: Bool
  var isQuiet = false
  var reader = TextRenderer(strings: StringTable())
  private var buffer: [UInt8] = []
  private var warned: Set<String> = []
  private var failure: Int32 = 0
  private lazy var isTerminal = isatty(1) == 1
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
    guard !isJSON, pager == nil, isatty(1) == 1 else { return }
    pager = Pager(environment)
  }

  /// Writes what is buffered. After a closed pipe nothing more is written.
  func flush() {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard failure == 0 else { return }
    buffer.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glue.write(1, bytes.baseAddress! + sent, bytes.count - sent)
        if count > 0 {
          sent += count
        } else if errno == EAGAIN {
          var poller = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
          poll(&poller, 1, -1)
        } else if errno != EINTR {
          failure = errno
          return
        }
      }
    }
  }

  /// Whether the reader of the results has gone away.
  var isClosed: Bool { failure == EPIPE }

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
    switch failure {
    case 0: return 0
    case EPIPE: return 128 + SIGPIPE
    default:
      throw OrchError(
        .io, "cannot write to standard output: \(String(cString: strerror(failure)))",
        hint: "the command itself took effect")
    }
  }

  /// Runs `body` when the results are written.
  func atEnd(_ body: @escaping () -> Void) { last.append(body) }

  /// Tells that what was read is of a database that went elsewhere.
  func warn(of relocation: Relocation?) {
    guard let relocation else { return }
    let verb = relocation.stage == .moved ? "was" : "is being"
    warn("this database \(verb) moved to \(relocation.database): read that one, with --database or ORCH_DATABASE_URL")
  }

  /// Tells of something that stops nothing, once.
  func warn(_ message: String) {
    guard !isQuiet, warned.insert(message).inserted else { return }
    Self.stderr("warning: \(Terminal.escaped(message))\n")
  }

  /// A remark beside the result.
  func remark(_ message: String) {
    guard !isQuiet else { return }
    Self.stderr(Terminal.escaped(message, keepNewlines: true) + "\n")
  }

  /// - Returns: the exit status that belongs to the error.
  func report(_ error: OrchError) -> Int32 {
    if isJSON {
      let text = JSON.error(error).text()
      Self.stderr((isatty(2) == 1 ? Terminal.escapedJSON(text) : text) + "\n")
    } else {
      var text = "error: \(Terminal.escaped(error.message))\n"
      if let hint = error.hint { text += "hint: \(Terminal.escaped(hint))\n" }
      Self.stderr(text)
    }
    return error.code.exitStatus
  }

  static func stderr(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glue.write(2, bytes.baseAddress! + sent, bytes.count - sent)
        if count > 0 { sent += count } else if errno != EINTR { return }
      }
    }
  }
}

/// Ends the process at once: nothing is left to be flushed.
func endProcess(_ status: Int32) -> Never { _exit(status) }

enum Glue {
  /// `read` of the C library.
  static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, buffer, count)
    #elseif canImport(Musl)
      Musl.read(descriptor, buffer, count)
    #else
      Darwin.read(descriptor, buffer, count)
    #endif
  }

  /// `write` of the C library, apart from the methods of that name.
  static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}

extension Output {
  /// Begins the terminal's screen anew.
  func clearScreen() {
    if isatty(1) == 1 { write("\u{1B}[H\u{1B}[2J") }
  }
}
