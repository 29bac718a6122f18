package import OrchApp

extension Reader {
  package func exported(_ exported: Exported) -> String {
    say("wrote \(exported.events) events to ", "이벤트 \(exported.events)건을 기록함: ") + line(exported.file)
  }

  package func imported(_ imported: Imported) -> String {
    var text = say(
      "loaded \(imported.events) events into \(imported.sessions) sessions, \(imported.created) of them new; "
        + "\(imported.skipped) were here already",
      "이벤트 \(imported.events)건을 세션 \(imported.sessions)개(새 세션 \(imported.created)개)에 불러옴, "
        + "\(imported.skipped)건은 이미 있음")
    if !imported.held.isEmpty {
      let shown = imported.held.prefix(10).joined(separator: " ") + (imported.held.count > 10 ? " …" : "")
      text +=
        "\n" + say("held, as the log says, until their holders are heard: ", "로그에 따르면 점유 중, 점유자의 신호를 기다림: ") + shown
    }
    return text
  }

  package func moved(_ moved: Moved) -> String {
    let database = line(moved.database)
    let again = moved.skipped == 0 ? "" : say(" (\(moved.skipped) were there already)", " (\(moved.skipped)건은 이미 있음)")
    return [
      say(
        "moved \(moved.events + moved.skipped) events in \(moved.sessions) sessions to \(database)\(again)",
        "이벤트 \(moved.events + moved.skipped)건, 세션 \(moved.sessions)개를 옮김: \(database)\(again)"),
      say("verified  head \(moved.head)", "검증함  헤드 \(moved.head)"),
      say(
        "leases    \(moved.held) go on there; \(moved.leaseFiles) lease files of this machine point there",
        "임대      \(moved.held)개가 그곳에서 이어짐, 이 기기의 임대 파일 \(moved.leaseFiles)개가 그곳을 가리킴"),
      say(
        "here nothing can be written any more; for everybody:  export ORCH_DATABASE_URL='\(database)'",
        "여기에는 더 이상 쓸 수 없음, 모두에게:  export ORCH_DATABASE_URL='\(database)'")
    ].joined(separator: "\n")
  }

  /// - Parameter database: where it would have gone.
  package func undoneMove(_ database: String) -> String {
    say(
      "this database is open again; what was copied to \(line(database)) stays there: do not work on it",
      "이 데이터베이스를 다시 열었음, \(line(database))에 복사된 것은 그대로 남음: 그곳에서 작업하지 말 것")
  }
}
