import OrchApp
import OrchCore
import OrchRuntime
import OrchSystem
import OrchTestSupport

/// A directory with a repository, and a state directory beside it, of a test's own.
final class RuntimeScratch: Sendable {
  let path: String

  /// - Parameter hasRepository: whether there is a work tree with one commit.
  init(hasRepository: Bool = true) {
    path = Files.makeScratch()
    Files.makeDirectory(directory)
    guard hasRepository else { return }
    git("init", "-q", "-b", "main")
    git("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "--allow-empty", "-m", "begin")
  }

  deinit { Files.remove(path) }

  var directory: String { path + "/work" }

  @discardableResult
  func git(_ words: String...) -> String {
    let output = ChildProcess.output(of: ["git", "-C", directory] + words)
    return String(decoding: output ?? [], as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
  }

  /// - Parameter variables: beside `HOME`, and `OPENCLAW_STATE_DIR` relative to the directory.
  func workspace(_ variables: [String: String] = [:]) throws -> Workspace {
    let all = ["HOME": path, "OPENCLAW_STATE_DIR": "../state"].merging(variables) { $1 }
    return try Workspace(in: directory, environment: Environment { all[$0] })
  }

  func runtime(
    _ variables: [String: String] = [:], _ requested: RequestedSettings = RequestedSettings()
  ) throws -> Runtime {
    Runtime(try workspace(variables), requested)
  }
}
