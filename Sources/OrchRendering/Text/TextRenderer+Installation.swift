import OrchApp
import OrchCore
package import OrchStore

extension TextRenderer {
  package func initialization(_ result: Initialization, project: String?) -> String {
    let database = line(result.database)
    let done: Message =
      if result.created {
        .initCreated(database: database)
      } else if let version = result.upgradedFrom {
        .initUpgraded(database: database, version: version)
      } else {
        .initCurrent(database: database)
      }
    var lines = [localized(done)]
    if let backup = result.backup { lines.append(localized(.initBackup(file: line(backup)))) }
    var fields: [(Message, String)] = []
    if !result.roles.isEmpty {
      fields.append((.labelRoles, result.roles.joined(separator: ", ")))
      fields.append((.labelThen, "GRANT orch_agent TO NAME"))
    }
    fields.append((.labelProject, project ?? localized(.valueNone)))
    let width = Terminal.columns(localized(.labelProject)) + 2
    lines += fields.map { Terminal.padded(localized($0.0), columns: width) + $0.1 }
    return lines.joined(separator: "\n")
  }

  package func findings(_ findings: [Finding], database: String) -> String {
    guard !findings.isEmpty else { return localized(.doctorNothing(database: line(database))) }
    return findings.map {
      "\(name($0.code))  \(line(localized($0.message)))\n\(Terminal.padded("", columns: LabeledText.indent))\(line(localized($0.hint)))"
    }
    .joined(separator: "\n")
  }
}
