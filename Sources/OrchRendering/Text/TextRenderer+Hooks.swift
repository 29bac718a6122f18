import OrchCore
package import OrchGit

extension TextRenderer {
  package func hookChanges(_ changes: [HookChange]) -> String {
    guard !changes.isEmpty else { return localized(.hooksUnchanged) }
    return changes.map { hookLine($0.hook, $0.kind.label, $0.path) }.joined(separator: "\n")
  }

  package func hook(_ status: HookStatus) -> String { hookLine(status.hook, status.state.label, status.path) }

  private func hookLine(_ hook: HookName, _ what: Message, _ path: String) -> String {
    "\(Terminal.padded(hook.rawValue, columns: 18))  \(localized(what))  \(line(path))"
  }
}

extension HookChange.Kind {
  fileprivate var label: Message {
    switch self {
    case .created: .hooksCreated
    case .inserted: .hooksInserted
    case .chained: .hooksChained
    case .updated: .hooksUpdated
    case .removed: .hooksRemoved
    case .deleted: .hooksDeleted
    case .restored: .hooksRestored
    }
  }
}

extension HookStatus.State {
  fileprivate var label: Message {
    switch self {
    case .absent: .hooksIsAbsent
    case .foreign: .hooksIsForeign
    case .current: .hooksIsCurrent
    case .outdated: .hooksIsOutdated(command: "orch hooks install")
    case .newer: .hooksIsNewer
    case .disabled: .hooksIsDisabled
    case .damaged: .hooksIsDamaged
    case .unreadable: .hooksIsUnreadable
    }
  }
}
