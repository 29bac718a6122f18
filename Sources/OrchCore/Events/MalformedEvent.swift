/// Why an event cannot be applied: it lacks what its type requires, holds a value of another kind, or does not fit the
/// state that it comes after. No command writes such an event.
package struct MalformedEvent: Error, Hashable, Sendable {
  package let type: EventType
  /// What is wrong, without the type: `tokenHash is missing`.
  package let fault: Message

  package var message: Message { .eventMalformed(type: type.rawValue, fault: fault) }
}

extension Event {
  func malformed(_ fault: Message) -> MalformedEvent { MalformedEvent(type: type, fault: fault) }

  /// Checks that every value in the data is of its key's kind. `null` stands for a value that is not there.
  func checkKinds() throws(MalformedEvent) {
    for member in data.members where !member.key.kind.holds(member.value) {
      throw malformed(.eventNotKind(key: member.key.rawValue, kind: member.key.kind.message))
    }
  }

  /// The value of a key that the type requires.
  func required<Value>(_ key: EventKey, _ value: (EventData) -> (EventKey) -> Value?) throws(MalformedEvent) -> Value {
    guard let value = value(data)(key) else { throw malformed(.eventMissing(key: key.rawValue)) }
    return value
  }

  /// The value of a part of the envelope that the type requires.
  func required<Value>(_ value: Value?, _ name: String) throws(MalformedEvent) -> Value {
    guard let value else { throw malformed(.eventMissing(key: name)) }
    return value
  }
}

extension EventKey {
  /// What the value of a key is, in every type of event.
  enum Kind: Hashable, Sendable {
    case string, integer, bool, instant, digest, strings, submission

    func holds(_ value: JSON) -> Bool {
      switch (self, value) {
      case (_, .null): true
      case (.string, .string), (.integer, .int), (.bool, .bool): true
      case (.instant, .string(let text)): Instant(iso8601: text) != nil
      case (.digest, .string(let text)): Digest(hex: text) != nil
      case (.strings, .array(let elements)): elements.allSatisfy { $0.stringValue != nil }
      case (.submission, .object(let members)): members.allSatisfy(Submission.holds)
      default: false
      }
    }

    var message: Message {
      switch self {
      case .string: .eventKindString
      case .integer: .eventKindInteger
      case .bool: .eventKindBool
      case .instant: .eventKindInstant
      case .digest: .eventKindDigest
      case .strings: .eventKindStrings
      case .submission: .eventKindSubmission
      }
    }
  }

  var kind: Kind {
    switch self {
    case .agent, .assignee, .authoredBy, .because, .body, .change, .code, .command, .data, .display, .from, .head,
      .host, .instance, .key, .kind, .lastAction, .message, .name, .new, .next, .nextAction, .note, .oid, .old,
      .original, .outputHash, .payload, .phase, .project, .reason, .reference, .repository, .restate, .result,
      .reviewer, .role, .state, .subject, .supersedes, .text, .title, .to, .tree, .value, .why:
      .string
    case .attempt, .durationMs, .exitStatus, .failures, .fence, .maxAttempts, .priority, .ttlSeconds: .integer
    case .dirty, .forced, .late, .requireReview, .superseded: .bool
    case .acquiredAt, .date, .expiresAt, .heartbeatAt, .notBefore, .readyAt: .instant
    case .tokenHash: .digest
    case .after, .owners, .requiredChecks, .reviewers: .strings
    case .submission: .submission
    }
  }
}
