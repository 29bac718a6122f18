/// What an event says beyond its envelope: a JSON object whose keys are those of `EventKey`.
///
/// Members are kept in the order of their keys, so the canonical bytes need no sorting. A key whose value would be
/// null is left out. JSON that a user gave is carried as a string with the exact text given. Keys that a newer program
/// added are kept apart, and mean nothing here.
package struct EventData: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package let key: EventKey
    package let value: JSON
  }

  package private(set) var members: [Member] = []
  /// Members with keys that this program does not know.
  package private(set) var unknown: [JSONMember] = []

  package init() {}

  /// The members of an object as it was read.
  init(_ object: [JSONMember]) {
    members.reserveCapacity(object.count)
    for member in object {
      if let key = EventKey(rawValue: member.key) {
        self[key] = member.value
      } else {
        unknown.append(member)
      }
    }
  }

  /// The value of `key`, or nil.
  package subscript(key: EventKey) -> JSON? {
    get { members.first { $0.key == key }?.value }
    set {
      if let newValue, members.last.map({ $0.key.rawValue < key.rawValue }) ?? true {
        members.append(Member(key: key, value: newValue))
        return
      }
      let index = members.firstIndex { !($0.key.rawValue < key.rawValue) } ?? members.endIndex
      let present = index < members.endIndex && members[index].key == key
      switch (newValue, present) {
      case (let value?, true): members[index] = Member(key: key, value: value)
      case (let value?, false): members.insert(Member(key: key, value: value), at: index)
      case (nil, true): members.remove(at: index)
      case (nil, false): break
      }
    }
  }

  package func string(_ key: EventKey) -> String? { self[key]?.stringValue }
  package func int(_ key: EventKey) -> Int? { self[key]?.intValue.map { Int($0) } }
  package func bool(_ key: EventKey) -> Bool { self[key]?.boolValue ?? false }
  package func instant(_ key: EventKey) -> Instant? { string(key).flatMap { Instant(iso8601: $0) } }
  package func strings(_ key: EventKey) -> [String]? { self[key]?.arrayValue?.compactMap(\.stringValue) }
  package func digest(_ key: EventKey) -> Digest? { string(key).flatMap { Digest(hex: $0) } }

  /// Whether `key` stands in the data at all, be it as null.
  package func has(_ key: EventKey) -> Bool { self[key] != nil }

  /// All of it, the keys in their order.
  package var json: JSON {
    let known = members.map { JSONMember(key: $0.key.rawValue, value: $0.value) }
    return .object(unknown.isEmpty ? known : (known + unknown).sorted { JSON.compareUTF16($0.key, $1.key) < 0 })
  }
}

extension EventData: ExpressibleByDictionaryLiteral {
  /// Members whose value is nil are left out; in key order the literal costs no sorting.
  package init(dictionaryLiteral elements: (EventKey, JSON?)...) {
    members.reserveCapacity(elements.count)
    for (key, value) in elements {
      guard let value else { continue }
      if let last = members.last, !(last.key.rawValue < key.rawValue) {
        self[key] = value
      } else {
        members.append(Member(key: key, value: value))
      }
    }
  }
}

/// The keys of `EventData` that this program knows, each with one kind of value in every type of event.
///
/// A new key that readers may ignore gets the next number of `EventVocabulary`. One that changes what an event means needs a
/// new schema number.
package enum EventKey: String, CaseIterable, Hashable, Sendable {
  case acquiredAt, after, agent, assignee, attempt, authoredBy
  case because, body
  case change, code, command
  case data, date, dirty, display, durationMs
  case exitStatus, expiresAt
  case failures, fence, forced, from
  case head, heartbeatAt, host
  case instance
  case key, kind
  case lastAction, late
  case maxAttempts, message
  case name, new, next, nextAction, notBefore, note
  case oid, old, original, outputHash, owners
  case payload, phase, priority, project
  case readyAt, reason, reference, repository, requireReview, requiredChecks, restate, result, reviewer, reviewers, role
  case state, subject, submission, superseded, supersedes
  case text, title, to, tokenHash, tree, ttlSeconds
  case value
  case why
}

extension JSON {
  /// An instant as the log writes it.
  package static func instant(_ instant: Instant) -> JSON { .string(instant.iso8601) }
  package static func strings(_ strings: [String]) -> JSON { .array(strings.map { .string($0) }) }
  package static func int(_ int: Int) -> JSON { .int(Int64(int)) }
}

extension Optional where Wrapped == String {
  var json: JSON? { map { .string($0) } }
}
extension Optional where Wrapped == Int {
  var json: JSON? { map { .int($0) } }
}
extension Optional where Wrapped == Instant {
  var json: JSON? { map { .instant($0) } }
}
