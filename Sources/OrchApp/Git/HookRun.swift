package import OrchCore
package import OrchGit
import OrchStore
import OrchSystem

/// What a hook says to git, and to whoever reads along.
package struct HookAnswer: Sendable, Equatable {
  /// Lines for the terminal.
  package var messages: [Message] = []
  /// Whether git is to stop.
  package var isRefused = false

  package init() {}

  mutating func refuse(_ message: Message) {
    messages.append(message)
    isRefused = true
  }
}

/// How much the hooks insist: `orch.enforce`.
package enum Enforcement: String, CaseIterable, Sendable {
  case off, warn, strict
}

/// How the hooks care for the agent's tag in a subject: `orch.subjectTag`.
package enum SubjectTagging: String, CaseIterable, Sendable {
  case add, check, off
}

/// What a hook run goes by.
package struct HookSettings: Sendable {
  package var enforcement: Enforcement
  package var tagging: SubjectTagging
  /// Whether a person sits at a controlling terminal.
  package var isInteractive: Bool
  /// What git is doing, as its environment tells: `rebase (pick)`, `revert`.
  package var action: String?

  package init(enforcement: Enforcement, tagging: SubjectTagging, isInteractive: Bool, action: String?) {
    self.enforcement = enforcement
    self.tagging = tagging
    self.isInteractive = isInteractive
    self.action = action
  }
}

extension App {
  /// Prepares the message in a file: `prepare-commit-msg`.
  ///
  /// Only messages given with `-m` or `-F` are stamped here. A message that is yet to be edited must stay as it is: git
  /// gives up the commit when the author quits without a text, and stamped it would have one.
  package func prepare(_ message: CommitMessage, source: String?, _ hook: HookSettings) throws(OrchError) -> (
    CommitMessage, HookAnswer
  ) {
    try mappingErrors {
      try requireReadableLeases(hook)
      guard try isOwnCommit(message, hook) else { return (message, HookAnswer()) }
      if source == "message", message.hasText { return try stamp(message, hook) }
      // Under --no-verify nobody asks again.
      guard hook.enforcement == .strict, let committer = try committer(hook), let loss = committer.loss else {
        return (message, HookAnswer())
      }
      var answer = HookAnswer()
      answer.refuse(.hookLostCommit(problem: Self.lost(committer, loss)))
      return (message, answer)
    }
  }

  /// Under strict a lease that cannot be read may be a lost one. Otherwise the commit goes on, as without lease files.
  private func requireReadableLeases(_ hook: HookSettings) throws {
    if hook.enforcement == .strict { try leaseFiles.requireReadable() }
  }

  private func committer(_ hook: HookSettings) throws -> Committer? {
    try store.read { try self.committer(isInteractive: hook.isInteractive, in: $0) }
  }

  /// Stamps what is not stamped yet, and checks: `commit-msg`.
  package func check(_ message: CommitMessage, _ hook: HookSettings) throws(OrchError) -> (CommitMessage, HookAnswer) {
    try mappingErrors {
      try requireReadableLeases(hook)
      guard message.hasText, try isOwnCommit(message, hook) else { return (message, HookAnswer()) }
      var (stamped, answer) = try stamp(message, hook)
      guard hook.enforcement != .off else { return (stamped, answer) }
      let faults = try store.read { try self.faults(of: stamped, hook, in: $0) }
      for fault in faults {
        if hook.enforcement == .strict { answer.refuse(fault) } else { answer.messages.append(fault) }
      }
      return (stamped, answer)
    }
  }

  /// Refuses the push of a holder whose lease somebody has taken over: `pre-push`.
  package func checkPush(_ hook: HookSettings) throws(OrchError) -> HookAnswer {
    try mappingErrors {
      var answer = HookAnswer()
      guard hook.enforcement != .off else { return answer }
      try requireReadableLeases(hook)
      let committer = try committer(hook)
      if let committer, let loss = committer.loss { answer.refuse(.hookLostPush(problem: Self.lost(committer, loss))) }
      return answer
    }
  }

  /// Links what was committed: `post-commit`, `post-applypatch`, `post-merge`. A sign of life.
  package func committed(_ hook: HookSettings, all: Bool) throws(OrchError) -> LinkReport {
    try mappingErrors {
      let committer = try committer(hook)
      let repository = try surroundings.requiredRepository()
      var request = ScanRequest(limit: 1000, isSuperseded: committer?.loss != nil, actor: committer?.agent)
      // A rebase that is aborted was none, and half of a squash is no commit that anybody has made.
      guard !repository.isRebasing else { return LinkReport() }
      // In the middle of a pick the branch still names what is being replaced.
      if !all || repository.activity != .none || !hasScanned(repository) { request.range = "HEAD" }
      return try scan(request)
    }
  }

  /// What the committer has to know of the commit: here, where it is said once, and under --no-verify, too.
  package func afterCommit(_ hook: HookSettings) throws(OrchError) -> HookAnswer {
    try mappingErrors {
      var answer = HookAnswer()
      guard hook.enforcement == .warn, try !surroundings.requiredRepository().isRebasing,
        let committer = try committer(hook),
        let loss = committer.loss
      else { return answer }
      answer.messages.append(.hookLostMarked(problem: Self.lost(committer, loss)))
      return answer
    }
  }

  /// Records what git rewrote: `post-rewrite`.
  package func rewritten(
    _ pairs: [(old: String, new: String)], reason: CommitRewrite.Reason, _ hook: HookSettings
  ) throws -> LinkReport {
    // The steps of a squash are amendments, too. What becomes of them shows when the rebase has ended, or is aborted.
    if reason == .amend, try surroundings.requiredRepository().isRebasing {
      HookRewrites.keep(pairs, reason: reason, in: surroundings)
      return LinkReport()
    }
    let committer = try committer(hook)
    return try rewritten(pairs, reason: reason, actor: committer?.agent)
  }

  /// Keeps the lease of whoever commits here alive.
  package func signOfLife(_ hook: HookSettings) throws(OrchError) {
    try mappingErrors {
      try store.write { writer in
        guard let committer = try self.committer(isInteractive: hook.isInteractive, in: writer), committer.loss == nil,
          let work = committer.lease
        else { return }
        _ = try execute(.heartbeat(fence: work.fence), on: work.session, work.task, by: committer.agent, in: writer)
      }
    }
  }

  private func hasScanned(_ repository: GitRepository) -> Bool {
    guard let logID = try? store.read({ $0.logID }) else { return false }
    return !RepositoryFiles(repository).lines("tips.\(logID)").isEmpty
  }

  // MARK: Stamping

  /// Whether the commit is made here and now: not a merge, and not made anew from another one.
  private func isOwnCommit(_ message: CommitMessage, _ hook: HookSettings) throws -> Bool {
    let activity = try surroundings.requiredRepository().activity
    guard activity == .none || activity == .bisect else { return false }
    let action = hook.action ?? ""
    guard !["rebase", "revert", "cherry-pick", "am", "pull"].contains(where: { action.hasPrefix($0) }) else {
      return false
    }
    // A revert without conflicts leaves no other trace.
    return !message.isRevert
  }

  private func stamp(_ message: CommitMessage, _ hook: HookSettings) throws -> (CommitMessage, HookAnswer) {
    var answer = HookAnswer()
    var message = message
    guard let committer = try store.read({ try self.committer(isInteractive: hook.isInteractive, in: $0) }) else {
      return (message, answer)
    }
    if let loss = committer.loss, hook.enforcement == .strict {
      answer.refuse(.hookLostCommit(problem: Self.lost(committer, loss)))
      return (message, answer)
    }
    guard LineageTrailers(message.bytes, comment: message.comment).tasks.isEmpty else { return (message, answer) }
    do {
      if hook.tagging == .add { try message.tagSubject(committer.agent) }
      let stamp = try message.stamp(trailers(of: committer))
      for difference in stamp.kept where LineageKey(difference.given.key) == .author {
        answer.messages.append(
          .hookOtherRole(difference: difference.present.key, differenceOther: difference.present.value))
      }
      if committer.lease == nil, !stamp.added.isEmpty {
        answer.messages.append(.hookHoldsNothing(agent: committer.agent))
      }
    } catch {
      answer.messages.append(.hookNotStamped(problem: OrchError(error).message))
    }
    return (message, answer)
  }

  private static func lost(_ committer: Committer, _ loss: LeaseLossInfo) -> Message {
    loss.message(task: committer.lease.map { Message(verbatim: $0.task.id) } ?? .hookTheTask)
  }

  // MARK: Checking

  private func faults(of message: CommitMessage, _ hook: HookSettings, in reader: any StoreReader) throws -> [Message] {
    let trailers = LineageTrailers(message.bytes, comment: message.comment)
    var faults: [Message] = []
    // What a person writes without any trailer is that person's.
    guard !trailers.isEmpty else { return [] }
    let known = try Set(reader.actors().map(\.name) + reader.agents().flatMap { [$0.name, $0.display ?? $0.name] })
    for (role, name) in trailers.authors.map({ ("Author", $0) }) + trailers.reviewers.map({ ("Reviewer", $0) })
    where !known.contains(name) && name != settings.agent {
      // A reviewer may be named before doing anything.
      let isNamed =
        try role == "Reviewer"
        && trailers.tasks.contains { try reader.task($0.task)?.reviewers.contains(name) ?? false }
      if !isNamed { faults.append(.hookUnknownAgent(name: name, role: role)) }
    }
    if let author = trailers.author, trailers.reviewers.contains(author) {
      faults.append(.hookOwnReview(author: author))
    }
    for task in trailers.tasks where try reader.task(task.task) == nil {
      if task.event.map({ $0.logID == reader.logID.lowercased() }) ?? true {
        faults.append(.errorNoTask(reference: task.task))
      }
    }
    if hook.tagging != .off, let author = trailers.author, !message.isAutosquash, message.subjectTag != author {
      faults.append(.hookSubjectTag(author: author))
    }
    return faults
  }
}

extension GitRepository {
  /// Whether a rebase has begun and not ended, be it stopped.
  var isRebasing: Bool {
    ["rebase-merge", "rebase-apply/rebasing"].contains { FileIO.exists(gitDirectory + "/" + $0) }
  }
}

extension CommitMessage {
  /// Whether git wrote it for a revert.
  var isRevert: Bool {
    let needle = Array("This reverts commit ".utf8)
    var index = bytes.startIndex
    while let first = bytes[index...].firstIndex(of: needle[0]) {
      if bytes[first...].starts(with: needle), first == 0 || bytes[first - 1] == UInt8(ascii: "\n") { return true }
      index = first + 1
    }
    return false
  }
}
