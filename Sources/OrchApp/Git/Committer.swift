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
    let here = nearby(files, anywhere: false)
    let held = try activeLeases(of: here, in: reader)
    let agent: String
    if let named = settings.agent {
      agent = named
    } else if isInteractive {
      return nil
    } else {
      // What was released here long ago binds nobody; what somebody took over is still the loser's work tree.
      let holders = Set(held.map(\.held.lease.agent))
      guard holders.count <= 1, let bound = try holders.first ?? lastLoser(of: here, in: reader) else { return nil }
      agent = bound
    }
    let nearest = held.filter { $0.held.lease.agent == agent }
      .min { ($0.file.distance, $1.file.file.writtenAt) < ($1.file.distance, $0.file.file.writtenAt) }
    if let nearest { return Committer(agent: agent, lease: try work(nearest.held, in: reader), loss: nil) }
    // Until the agent claims again here, the newest token that it had decides.
    if let newest = try newestEnded(of: here, in: reader, where: { $0.file?.agent == agent }) {
      switch try leaseEnd(of: newest, in: reader) {
      case .own: break
      case .cancelled(let loss), .superseded(let loss):
        return Committer(agent: agent, lease: work(newest), loss: loss)
      }
    }
    // Elsewhere, if there is no doubt which.
    let elsewhere = try activeLeases(of: nearby(files, anywhere: true), in: reader) { $0.lease.agent == agent }
    let only = elsewhere.count == 1 ? elsewhere[0].held : nil
    return Committer(agent: agent, lease: try only.map { try work($0, in: reader) }, loss: nil)
  }

  /// Who had the newest of these tokens, if somebody else ended its lease.
  private func lastLoser(of files: [NearbyFile], in reader: any StoreReader) throws -> String? {
    guard let newest = try newestEnded(of: files, in: reader) else { return nil }
    if case .own = try leaseEnd(of: newest, in: reader) { return nil }
    return newest.file?.agent
  }

  private func work(_ held: ActiveLease, in reader: any StoreReader) throws -> Committer.Work {
    Committer.Work(task: try task(of: held, in: reader), session: held.session, fence: held.lease.fence)
  }

  private func work(_ token: ResolvedToken) -> Committer.Work {
    Committer.Work(task: token.task, session: token.session, fence: token.grant.fence)
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
