import OrchCore
package import OrchStore

extension Reader {
  package func initialization(_ result: Initialization, project: String?) -> String {
    let database = line(result.database)
    var lines = [
      result.created
        ? say("created the database \(database)", "데이터베이스를 만들었습니다: \(database)")
        : result.upgradedFrom.map {
          say("upgraded the database \(database) from \($0)", "데이터베이스를 올렸습니다(\($0)에서): \(database)")
        } ?? say("the database \(database) is up to date", "데이터베이스가 최신입니다: \(database)")
    ]
    if let backup = result.backup { lines.append(say("kept as it was in ", "이전 파일 보관: ") + line(backup)) }
    if !result.roles.isEmpty {
      lines.append(say("roles    ", "역할      ") + result.roles.joined(separator: ", "))
      lines.append(say("then     ", "다음      ") + "GRANT orch_agent TO NAME")
    }
    lines.append(say("project  ", "프로젝트  ") + (project ?? say("none", "없음")))
    return lines.joined(separator: "\n")
  }

  package func findings(_ findings: [Finding], database: String) -> String {
    guard !findings.isEmpty else {
      return say("nothing found: \(line(database))", "발견된 문제 없음: \(line(database))")
    }
    return findings.map {
      "\(name($0.code))  \(line($0.message))\n\(Terminal.padded("", columns: LabeledText.indent))\(line($0.hint))"
    }
    .joined(separator: "\n")
  }
}
