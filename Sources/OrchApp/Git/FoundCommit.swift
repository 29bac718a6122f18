import OrchCore
import OrchGit

/// A commit whose message names tasks.
struct FoundCommit {
  var name: ObjectName
  var subject: String
  var author: GitCommit.Signature
  var trailers: LineageTrailers

  /// - Returns: nil for a commit that names none, at next to no cost.
  init?(_ commit: GitCommit) {
    let trailers = commit.withMessage { LineageTrailers($0) }
    guard !trailers.tasks.isEmpty || !trailers.malformed.isEmpty else { return nil }
    self.init(commit, trailers)
  }

  init(_ commit: GitCommit, _ trailers: LineageTrailers) {
    name = commit.name
    subject = commit.subject
    author = commit.author
    self.trailers = trailers
  }

  /// As a link of a task.
  func link(
    _ state: CommitLink.State, fence: Int?, repository: String?, isByHand: Bool = false,
    isSuperseded: Bool = false
  ) -> CommitLink {
    CommitLink(
      oid: name.hex, subject: String(subject.prefix(1000)), author: String(author.text.prefix(1000)),
      date: Instant(milliseconds: author.seconds.multipliedReportingOverflow(by: 1000).partialValue),
      agent: trailers.author.flatMap { try? Identifier.check($0) },
      reviewer: trailers.reviewer.flatMap { try? Identifier.check($0) }, fence: fence, repository: repository,
      state: state, isByHand: isByHand, isSuperseded: isSuperseded)
  }
}
