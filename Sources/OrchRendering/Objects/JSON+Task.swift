package import OrchApp
package import OrchCore

extension JSON {
  /// Members in the order given; nothing is left out.
  static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { JSONMember(key: $0.key, value: $0.value) })
  }

  static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
  static func number(_ number: Int?) -> JSON { number.map { .int($0) } ?? .null }
  static func time(_ instant: Instant?) -> JSON { instant.map { .instant($0) } ?? .null }
  /// JSON that a user gave, as it is.
  static func verbatim(_ text: String?) -> JSON { text.map { .raw($0) } ?? .null }

  /// The `Task` object.
  ///
  /// - Parameter lease: the lease under which it runs, if it does.
  package static func task(_ task: Task, lease: Lease?, at now: Instant) -> JSON {
    .object([
      "id": .string(task.id), "title": .string(task.title), "body": .text(task.content.body),
      "kind": .string(task.kind), "priority": .int(task.priority),
      "state": .string(task.visibleState(at: now).rawValue), "session": .string(task.session),
      "project": .text(task.project), "assignee": .text(task.assignee), "key": .text(task.key),
      "payload": .verbatim(task.content.payload), "after": .strings(task.after),
      "reviewers": .strings(task.reviewers), "requireReview": .bool(task.requireReview),
      "requiredChecks": .strings(task.requiredChecks), "attempt": .int(task.attempt),
      "failures": .int(task.failures), "maxAttempts": .int(task.maxAttempts),
      "ttlSeconds": .number(task.ttlSeconds), "readyAt": .instant(task.readyAt),
      "createdAt": .instant(task.createdAt), "createdBy": .text(task.createdBy),
      "updatedAt": .instant(task.updatedAt), "source": .text(task.source),
      "lastError": task.lastError.map {
        .object(["code": .text($0.code), "message": .text($0.message)])
      } ?? .null,
      "result": .verbatim(task.content.result),
      "lease": lease.map { .lease($0, session: task.session, at: now) } ?? .null
    ])
  }

  /// The `Lease` object; with the token for its new holder alone.
  package static func lease(_ lease: Lease, session: String, at now: Instant, token: Token? = nil) -> JSON {
    var members: [JSONMember] = [
      JSONMember(key: "session", value: .string(session)), JSONMember(key: "task", value: .string(lease.task)),
      JSONMember(key: "agent", value: .string(lease.agent)), JSONMember(key: "instance", value: .text(lease.instance)),
      JSONMember(key: "fence", value: .int(lease.fence)),
      JSONMember(key: "acquiredAt", value: .instant(lease.acquiredAt)),
      JSONMember(key: "heartbeatAt", value: .instant(lease.heartbeatAt)),
      JSONMember(key: "expiresAt", value: .instant(lease.expiresAt)),
      JSONMember(key: "remainingSeconds", value: .int(lease.remainingSeconds(at: now))),
      JSONMember(key: "ttlSeconds", value: .int(lease.ttlSeconds)), JSONMember(key: "host", value: .string(lease.host)),
      JSONMember(key: "late", value: .bool(lease.isStale(at: now)))
    ]
    if let token { members.append(JSONMember(key: "token", value: .string(token.text))) }
    return .object(members)
  }
}

extension Lease {
  /// Whole seconds until it expires, never negative.
  package func remainingSeconds(at now: Instant) -> Int { Int(max(0, expiresAt - now) / 1000) }
}
