package import OrchApp
import OrchCore

extension Runtime {
  /// The entries of the log, newest first or, reversed, oldest first.
  ///
  /// - Parameters:
  ///   - revision: only events about this commit.
  ///   - titles: whether lines are to know their task's title.
  ///   - show: false ends the list.
  package func log(
    _ request: LogRequest, revision: String?, titles: Bool, _ show: (LogLine) throws -> Bool
  ) throws {
    let (app, request) = try logging(request, revision: revision)
    _ = try app.log(request, titles: titles, show)
  }

  /// The last entries, or with `reverse` all of them, and then each as it comes.
  ///
  /// - Parameter goOn: called before each wait; false ends the loop.
  package func followLog(
    _ request: LogRequest, revision: String?, titles: Bool, _ polling: Polling, goOn: () -> Bool,
    _ show: (LogLine) throws -> Bool
  ) throws {
    var (app, request) = try logging(request, revision: revision)
    var newest: Int
    request.onlySettled = true
    if request.reverse {
      newest = try app.log(request, titles: titles, show)
    } else {
      request.limit = request.limit ?? 10
      var last: [LogLine] = []
      newest = try app.log(request, titles: titles) {
        last.append($0)
        return true
      }
      for line in last.reversed() { _ = try show(line) }
    }
    request.reverse = true
    request.limit = nil
    while goOn() {
      polling.wait()
      app = renewed(app)
      newest = try app.log(request, titles: titles, beyond: newest, show)
    }
  }

  private func logging(_ request: LogRequest, revision: String?) throws -> (App, LogRequest) {
    let app = try app(.read)
    var request = request
    request.commit = try revision.map { try app.commitName($0) }
    return (app, request)
  }

  package func status() throws -> Status { try app(.read, git: .reading).status() }

  /// The status again and again, until `show` returns false.
  package func watchStatus(_ polling: Polling, _ show: (Status) throws -> Bool) throws {
    var app = try app(.read, git: .reading)
    while try show(app.status()) {
      polling.wait()
      app = renewed(app)
    }
  }

  package func verify(
    session: String?, expected: [ExpectedHead], progress: (Int) -> Void
  ) throws -> Verification {
    try app(.read).verify(session: session, expected: expected, progress: progress)
  }
}
