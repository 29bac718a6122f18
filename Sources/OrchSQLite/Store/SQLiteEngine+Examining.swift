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
            exposure.mode & 0o022 != 0
            ? .findingWritable(path: exposure.path, mode: String(exposure.mode, radix: 8))
            : .findingReadable(path: exposure.path, mode: String(exposure.mode, radix: 8)),
          hint: .shell("chmod", exposure.isDirectory ? "go-w" : "600", exposure.path)))
    }
    if file.links > 1 {
      findings.append(
        Finding(
          code: "hard-links",
          message: .findingHardLinks(path: file.path, links: file.links),
          hint: .text(.hintOneName)))
    }
    guard file.header?.usesWriteAheadLog == true else { return findings }
    if let hazard = FileSystem(of: FileIO.split(file.path).directory)?.hazard {
      findings.append(
        Finding(
          code: "file-system", message: .findingFileSystem(hazard: hazard),
          hint: .text(.hintLocalDisk)))
    }
    let present = Connection.libraryVersion
    if version(present) < version("3.51.3") {
      findings.append(
        Finding(
          code: "sqlite-version",
          message:
            .findingSqliteVersion(version: present),
          hint: .text(.hintNewerSqlite)))
    }
    return findings
  }

  private func version(_ text: String) -> Int {
    text.split(separator: ".").prefix(3).reduce(0) { $0 * 1000 + (Int($1) ?? 0) }
  }
}
