import Logging
import OrchRendering

/// Writes what `-v` tells on standard error, a line a message. It is given to one logger, and set up for nobody else.
struct DiagnosticsHandler: LogHandler {
  static var logger: Logger {
    Logger(label: "orch") { _ in DiagnosticsHandler() }
  }

  var logLevel: Logger.Level = .debug
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { Output.stderr("\(Terminal.escaped("\(event.message)"))\n") }
}
