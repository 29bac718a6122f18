package import OrchCore

// How the parts of a review, and lists, are stored in a column: as JSON, and NULL where there is nothing.

extension Review {
  package var stored: String? {
    guard !isEmpty else { return nil }
    var members: [JSONMember] = []
    if let submission { members.append(JSONMember(key: "submission", value: submission.stored)) }
    if !approvals.isEmpty {
      members.append(
        JSONMember(
          key: "approvals",
          value: .array(
            approvals.map {
              .object([
                JSONMember(key: "reviewer", value: .string($0.reviewer)),
                JSONMember(key: "submission", value: $0.submission.stored)
              ])
            })))
    }
    if !owners.isEmpty { members.append(JSONMember(key: "owners", value: .strings(owners))) }
    return JSON.object(members).text()
  }

  /// Nil where the column does not read.
  package init?(stored: String?) {
    guard let stored else {
      self.init()
      return
    }
    guard let json = try? JSON.parse(stored), case .object = json else { return nil }
    var approvals: [Approval] = []
    for approval in json["approvals"]?.arrayValue ?? [] {
      guard let reviewer = approval["reviewer"]?.stringValue,
        let submission = Submission(stored: approval["submission"])
      else { return nil }
      approvals.append(Approval(reviewer: reviewer, submission: submission))
    }
    let submission = json["submission"].map { Submission(stored: $0) }
    if case .some(nil) = submission { return nil }
    self.init(
      submission: submission ?? nil, approvals: approvals,
      owners: json["owners"]?.arrayValue?.compactMap(\.stringValue) ?? [])
  }
}

extension Submission {
  fileprivate var stored: JSON {
    .object([JSONMember(key: "seq", value: .int(seq)), JSONMember(key: "of", value: json)])
  }

  fileprivate init?(stored: JSON?) {
    guard let seq = stored?["seq"]?.intValue else { return nil }
    self.init(stored?["of"], seq: Int(seq))
  }
}

extension PassedCheck {
  package static func stored(_ checks: [PassedCheck]) -> String? {
    guard !checks.isEmpty else { return nil }
    return JSON.array(checks.map { .array([.string($0.name), $0.tree.map { .string($0) } ?? .null]) }).text()
  }

  /// Nil where the column does not read.
  package static func list(stored: String?) -> [PassedCheck]? {
    guard let stored else { return [] }
    var checks: [PassedCheck] = []
    for item in (try? JSON.parse(stored))?.arrayValue ?? [.null] {
      guard let pair = item.arrayValue, pair.count == 2, let name = pair[0].stringValue else { return nil }
      checks.append(PassedCheck(name: name, tree: pair[1].stringValue))
    }
    return checks
  }
}

/// Lists of texts.
package enum TextList {
  package static func stored(_ list: [String]) -> String? {
    list.isEmpty ? nil : JSON.array(list.map { .string($0) }).text()
  }

  /// Nil where the column does not read.
  package static func list(stored: String?) -> [String]? {
    guard let stored else { return [] }
    guard let items = (try? JSON.parse(stored))?.arrayValue else { return nil }
    let strings = items.compactMap(\.stringValue)
    return strings.count == items.count ? strings : nil
  }
}
