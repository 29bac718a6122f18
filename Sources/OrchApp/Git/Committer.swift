import OrchCore
import OrchGit
import OrchStore

/// Who commits in this work tree, and for what.
struct Committer {
  var agent: String
  /// The lease that the commit is made under.
  var lease: Work?
  /// Set when somebody has taken that lease over.
  var loss: LeaseLossInfo?

  struct Work {
    var task: Task
    var session: Session
    var fence: Int
  }
}

extension App {
  /// Finds who commits here: the agent that is named; else, where no person sits at a terminal, the one whose lease is
  /// bound to this work tree.
  ///
  /// - Parameters:
  ///   - isAttended: whether there is a controlling terminal. A person is never stamped as an agent.
  /// - Returns: nil for somebody who is no agent.
  func committer(isInteractive: Bool, in reader: any StoreReader) throws -> Committer? {
    let files = leaseFiles.all()
    let here = try candidates(files, anywhere: false, in: reader).sorted { $0.writtenAt > $1.writtenAt }
    let agent: String
    if let named = settings.agent {
      agent = named
    } else if isInteractive {
      return nil
    } else {
      // What was released here long ago binds nobody; what somebody took over is still the loser's work tree.
      let live = Set(here.compactMap { $0.standing.lease?.agent })
      let lost = try here.first.flatMap { try isOwnEnd($0.standing, in: reader) ? nil : $0.standing.file?.agent }
      guard live.count <= 1, let bound = live.first ?? lost else { return nil }
      agent = bound
    }
    let own = here.filter { ($0.standing.lease?.agent ?? $0.standing.file?.agent) == agent }
    let live = own.filter { $0.standing.lease != nil }
    if let nearest = live.min(by: { ($0.distance, $1.writtenAt) < ($1.distance, $0.writtenAt) }) {
      return Committer(agent: agent, lease: work(nearest.standing), loss: nil)
    }
    // Until the agent claims again here, the newest token that it had decides.
    if let newest = own.first {
      switch try ending(of: newest.standing, in: reader) {
      case .own: break
      case .cancelled(let loss), .superseded(let loss):
        return Committer(agent: agent, lease: work(newest.standing), loss: loss)
      }
    }
    // Elsewhere, if there is no doubt which.
    let elsewhere = try candidates(files, anywhere: true, in: reader)
      .filter { $0.standing.lease?.agent == agent }
    return Committer(agent: agent, lease: elsewhere.count == 1 ? work(elsewhere[0].standing) : nil, loss: nil)
  }

  private func isOwnEnd(_ standing: ResolvedToken, in reader: any StoreReader) throws -> Bool {
    if case .own = try ending(of: standing, in: reader) { return true }
    return false
  }

  private func work(_ standing: ResolvedToken) -> Committer.Work {
    Committer.Work(task: standing.task, session: standing.session, fence: standing.lease?.fence ?? standing.grant.fence)
  }

  /// What is written under a commit's message.
  func trailers(of committer: Committer) -> [Trailer] {
    var trailers = [Trailer(LineageKey.author.rawValue, committer.agent)]
    guard let work = committer.lease else { return trailers }
    for reviewer in work.task.reviewers.prefix(1) { trailers.append(Trailer(LineageKey.reviewer.rawValue, reviewer)) }
    let source = settings.source ?? work.task.source ?? settings.defaultSource
    trailers.append(Trailer(LineageKey.source.rawValue, source))
    trailers.append(Trailer(LineageKey.task.rawValue, work.task.id))
    let lease = LineageTrailers.Lease(session: work.session.id, fence: work.fence)
    trailers.append(Trailer(LineageKey.lease.rawValue, lease.description))
    if let head = work.session.head {
      let event = LineageTrailers.Event(logID: work.session.logID.lowercased(), id: head.hex)
      trailers.append(Trailer(LineageKey.event.rawValue, event.description))
    }
    return trailers
  }
}
