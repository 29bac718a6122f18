import OrchSystem
package import OrchApp
import SystemPackage

/// The directory that a request runs for, and what lies around it.
///
/// Every relative path of a request begins here. The process's own working directory counts only for a workspace that is
/// made without a directory.
package struct Workspace: Sendable {
  /// An absolute path without symbolic links.
  package let directory: String
  package let environment: Environment
  /// The top of the work tree around the directory: the nearest one upwards that has a `.git`.
  package let workTree: String?

  /// - Parameter directory: nil: the process's working directory.
  /// - Throws: `usage` for a directory that cannot be one to run in.
  package init(in directory: String? = nil, environment: Environment = .process) throws {
    self.environment = environment
    if let directory {
      self.directory = try Self.usable(directory)
    } else {
      self.directory = (try? CurrentProcess.workingDirectory()) ?? environment["PWD"] ?? "/"
    }
    workTree = Self.nearest(from: self.directory) { FileIO.exists($0 + "/.git") }
  }

  /// The real path of a directory, if a process may run in it.
  private static func usable(_ directory: String) throws -> String {
    do {
      let path = try FileIO.realPath(directory)
      guard try FileStatus(of: path).kind == .directory else { throw Errno.notDirectory }
      guard FileIO.isExecutable(path) else { throw Errno.permissionDenied }
      return path
    } catch {
      throw OrchError.usage(.errorCannotChange(directory: directory, detail: "\(error)"))
    }
  }

  /// The nearest directory from one upwards that `isOne`.
  private static func nearest(from directory: String, _ isOne: (String) -> Bool) -> String? {
    var path = directory[...]
    while !path.isEmpty {
      if isOne(String(path)) { return String(path) }
      path = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
    }
    return nil
  }

  /// Where the agent runs, as long as nobody names the place: the top of the work tree, else the directory.
  package var instance: Instance {
    Instance(name: workTree ?? directory, isNamed: false, isWorkTree: workTree != nil)
  }

  /// Whether the directory is inside a repository, a bare one included, by a look at the directories.
  package var isInRepository: Bool {
    workTree != nil
      || Self.nearest(from: directory) { FileIO.exists($0 + "/HEAD") && FileIO.exists($0 + "/objects") } != nil
  }

  /// A path made absolute, from the directory.
  package func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : directory + "/" + path }

  /// The directory of the default database and of the lease files.
  package var dataDirectory: String {
    absolute(environment["OPENCLAW_STATE_DIR"] ?? environment.home + "/.openclaw") + "/data"
  }

  package var defaultDatabase: String { dataDirectory + "/orchestrator.db" }

  package var leaseFiles: LeaseFiles { LeaseFiles(directory: dataDirectory + "/leases") }
}
