import OrchCore
package import OrchStore
import OrchSystem

extension SQLiteEngine {
  /// Looks at the file system, the permissions and the library.
  package func examine(_ path: String, timeoutMilliseconds: Int) -> [Finding] {
    var findings: [Finding] = []
    let file = DatabaseFile.look(at: path)
    for exposure in DatabaseFile.exposures(of: path) where !exposure.isDirectory || exposure.mode & 0o022 != 0 {
      findings.append(
        Finding(
          code: "permissions",
          message:
            "others may \(exposure.mode & 0o022 != 0 ? "change" : "read") \(exposure.path) (mode \(String(exposure.mode, radix: 8)))",
          hint: "chmod \(exposure.isDirectory ? "go-w" : "600") \(exposure.path)"))
    }
    if file.links > 1 {
      findings.append(
        Finding(
          code: "hard-links",
          message: "\(file.path) has \(file.links) names; under two names it has two logs, and is soon damaged",
          hint: "keep one name"))
    }
    guard file.header?.usesWriteAheadLog == true else { return findings }
    if let hazard = FileSystem(of: FileIO.split(file.path).directory)?.hazard {
      findings.append(
        Finding(
          code: "file-system", message: "the write-ahead log is on \(hazard), which would damage it",
          hint: "move the database to a local disk"))
    }
    let present = Connection.libraryVersion
    if version(present) < version("3.51.3") {
      findings.append(
        Finding(
          code: "sqlite-version",
          message:
            "SQLite \(present): before 3.51.3 a database can, rarely, be damaged when its log starts over under two writers",
          hint: "install a newer libsqlite3 when your system has one; orch verify finds damage"))
    }
    return findings
  }

  private func version(_ text: String) -> Int {
    text.split(separator: ".").prefix(3).reduce(0) { $0 * 1000 + (Int($1) ?? 0) }
  }
}
