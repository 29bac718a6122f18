import OrchCore
import OrchStore

extension App {
  /// Claims, waiting until there is work or the time is over.
  ///
  /// Between looks, which are reads, the process sleeps: new work is taken within a second.
  package func claimWaiting(_ request: ClaimRequest, atMost limit: Duration?) throws -> Claim {
    let clock = ContinuousClock()
    let end = limit.map { clock.now + $0 }
    while true {
      do {
        return try claim(request)
      } catch let error as OrchError where error.code == .nothingClaimable || error.code == .leaseHeld {
        repeat {
          let left = end.map { $0 - clock.now } ?? Self.look
          guard left > .zero else { throw error }
          store.waitForWork(atMost: min(left, Self.look))
        } while try !mayClaim(request)
      }
    }
  }

  /// How long a waiting claim sleeps between looks, at most.
  static let look = Duration.milliseconds(400)

  /// Whether a claim is worth a write transaction.
  private func mayClaim(_ request: ClaimRequest) throws -> Bool {
    let agent = try agent()
    let query = query(request, agent: agent)
    let foreseen: [ReadRequest] = request.task.map { [.task($0)] } ?? [.claim(query)]
    return try store.read(requesting: foreseen) { reader in
      if let reference = request.task {
        let task = try task(reference, in: reader)
        guard let lease = try session(of: task, in: reader).lease else { return true }
        return lease.isStale(at: reader.now)
      }
      if try reader.candidate(for: query) != nil { return true }
      return try !reader.expiredSessions(matching: query, limit: 1).isEmpty
    }
  }
}
