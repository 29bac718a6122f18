package import OrchGit
import OrchCore

extension Reader {
  package func hookChanges(_ changes: [HookChange]) -> String {
    guard !changes.isEmpty else { return say("there is nothing to change", "바꿀 것이 없습니다") }
    return changes.map { change in
      let what: String =
        switch change.kind {
        case .created: say("created", "만듦")
        case .inserted: say("added beside what is there", "기존 내용 옆에 추가")
        case .chained: say("put before what is there", "기존 훅 앞에 연결")
        case .updated: say("updated", "갱신")
        case .removed: say("section removed", "구획 제거")
        case .deleted: say("removed", "제거")
        case .restored: say("restored", "복원")
        }
      return "\(Terminal.padded(change.hook.rawValue, columns: 18))  \(what)  \(line(change.path))"
    }.joined(separator: "\n")
  }

  package func hook(_ status: HookStatus) -> String {
    let what: String =
      switch status.state {
      case .absent: say("not installed", "설치되지 않음")
      case .foreign: say("not installed; a hook of somebody else's is there", "설치되지 않음, 다른 훅이 있음")
      case .current: say("installed", "설치됨")
      case .outdated:
        say("installed by another version or path: orch hooks install", "다른 버전이나 경로로 설치됨: orch hooks install")
      case .newer: say("installed by a newer version", "더 새로운 버전으로 설치됨")
      case .disabled: say("installed, but not executable", "설치되었으나 실행 권한 없음")
      case .damaged: say("damaged: half a section", "손상됨: 구획이 온전하지 않음")
      case .unreadable: say("cannot be read", "읽을 수 없음")
      }
    return "\(Terminal.padded(status.hook.rawValue, columns: 18))  \(what)  \(line(status.path))"
  }
}
