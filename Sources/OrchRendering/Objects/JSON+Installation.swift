package import OrchCore
package import OrchStore

extension JSON {
  package static func initialization(_ result: Initialization) -> JSON {
    let english = StringTable()
    return .object([
      "database": .string(result.database), "engine": .string(result.engine), "log": .string(result.logID),
      "created": .bool(result.created), "schemaVersion": .int(result.schemaVersion),
      "upgradedFrom": .text(result.upgradedFrom), "backup": .text(result.backup),
      "warnings": .strings(result.warnings.map { english.text($0) })
    ])
  }

  package static func findings(_ findings: [Finding]) -> JSON {
    let english = StringTable()
    return .object([
      "ok": .bool(findings.isEmpty),
      "findings": .array(
        findings.map {
          .object([
            "code": .string($0.code), "message": .string(english.text($0.message)),
            "hint": .string(english.text($0.hint))
          ])
        })
    ])
  }
}
