/// What was submitted for review: a commit, or, for work without git, the event that submitted it.
package struct Submission: Hashable, Sendable {
  /// The number in the session of the event that submitted it; 0 before it is appended.
  package var seq: Int
  /// 40 hexadecimal digits; nil outside a repository.
  package var oid: String?
  package var tree: String?
  /// SHA-256 of what lies between the merge base with the default branch and the commit, byte for byte; nil where that
  /// is nothing, or there is no such branch.
  package var change: String?
  package var branch: String?
  package var repository: String?
  /// Whether anything was not committed when it was submitted.
  package var dirty: Bool

  package init(
    seq: Int = 0, oid: String? = nil, tree: String? = nil, change: String? = nil, branch: String? = nil,
    repository: String? = nil, dirty: Bool = false
  ) {
    self.seq = seq
    self.oid = oid
    self.tree = tree
    self.change = change
    self.branch = branch
    self.repository = repository
    self.dirty = dirty
  }

  /// Whether an approval of this one is one of `other`, too: of the same submission, or of the same content.
  ///
  /// A tree alone is the whole content; a change is the same work on another base. Nothing else carries an approval.
  package func isSame(as other: Submission) -> Bool {
    if seq == other.seq { return true }
    guard repository == other.repository else { return false }
    return (tree != nil && tree == other.tree) || (change != nil && change == other.change)
  }

  /// As an event and a row hold it; without its number.
  package var json: JSON {
    .object([
      JSONMember(key: "branch", value: branch.json ?? .null), JSONMember(key: "change", value: change.json ?? .null),
      JSONMember(key: "dirty", value: .bool(dirty)), JSONMember(key: "oid", value: oid.json ?? .null),
      JSONMember(key: "repository", value: repository.json ?? .null), JSONMember(key: "tree", value: tree.json ?? .null)
    ])
  }

  /// The keys that it has in an event.
  static let keys: Set<String> = ["branch", "change", "dirty", "oid", "repository", "tree"]

  /// Whether a member of the JSON is of its kind; one that is not known may be anything.
  static func holds(_ member: JSONMember) -> Bool {
    guard keys.contains(member.key), !member.value.isNull else { return true }
    return member.key == "dirty" ? member.value.boolValue != nil : member.value.stringValue != nil
  }

  package init(_ json: JSON?, seq: Int) {
    self.init(
      seq: seq, oid: json?["oid"]?.stringValue, tree: json?["tree"]?.stringValue, change: json?["change"]?.stringValue,
      branch: json?["branch"]?.stringValue, repository: json?["repository"]?.stringValue,
      dirty: json?["dirty"]?.boolValue ?? false)
  }
}

/// Somebody's approval, and what it is of.
package struct Approval: Hashable, Sendable {
  package var reviewer: String
  package var submission: Submission

  package init(reviewer: String, submission: Submission) {
    self.reviewer = reviewer
    self.submission = submission
  }
}

/// What was submitted of a task, and who approved what.
package struct Review: Hashable, Sendable {
  /// The present submission; nil of a task that was never submitted.
  package var submission: Submission?
  /// The last approval of each reviewer, also of earlier submissions.
  package var approvals: [Approval]
  /// Those of whom one has to approve last, the others having done so.
  package var owners: [String]

  package init(submission: Submission? = nil, approvals: [Approval] = [], owners: [String] = []) {
    self.submission = submission
    self.approvals = approvals
    self.owners = owners
  }

  package var isEmpty: Bool { submission == nil && approvals.isEmpty && owners.isEmpty }

  /// Who approved the present submission.
  package var approvers: [String] { approvals.filter { holds($0) }.map(\.reviewer) }

  /// Who approved an earlier submission of other content.
  package var staleApprovers: [String] { approvals.filter { !holds($0) }.map(\.reviewer) }

  private func holds(_ approval: Approval) -> Bool { submission.map { approval.submission.isSame(as: $0) } ?? false }
}

/// A required check that passed, and on what.
package struct PassedCheck: Hashable, Sendable {
  package var name: String
  /// Nil outside a repository.
  package var tree: String?

  package init(name: String, tree: String?) {
    self.name = name
    self.tree = tree
  }
}
