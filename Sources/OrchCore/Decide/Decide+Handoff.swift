// Offering a running task to another agent: an offer has two ends.

extension Decision {
  func offer(_ offer: Offer, fence: Int) throws(Rejection) -> [Event] {
    let lease = try held(under: fence)
    guard offer.to != lease.agent else { throw .offerToSelf }
    if let currentOffer = session.offer {
      throw .reserved(task: currentOffer.task, to: currentOffer.to, until: currentOffer.expiresAt)
    }
    return [
      event(
        .handoffOffered, fence: fence,
        data: [
          .attempt: .int(lease.attempt), .expiresAt: .instant(offer.expiresAt), .from: .string(lease.agent),
          .host: .string(caller.host), .instance: caller.instance.json, .late: late(lease),
          .next: offer.next.json, .to: .string(offer.to), .why: offer.why.json
        ])
    ]
  }

  func accept(_ lease: NewLease, restate: String?) throws(Rejection) -> [Event] {
    let offer = try currentOffer()
    guard offer.to == caller.actor else { throw .notTheReceiver(to: offer.to) }
    if let held = session.lease { throw .leaseHeld(held) }
    return [
      event(
        .handoffAccepted,
        data: [
          .from: .string(offer.from), .host: .string(caller.host), .instance: caller.instance.json,
          .restate: restate.json
        ]),
      grant(.taskClaimed, lease, attempt: task.attempt + 1)
    ]
  }

  func decline(why: String) throws(Rejection) -> [Event] {
    let offer = try currentOffer()
    guard offer.to == caller.actor else { throw .notTheReceiver(to: offer.to) }
    return [
      event(
        .handoffDeclined,
        data: [
          .from: .string(offer.from), .host: .string(caller.host), .instance: caller.instance.json,
          .why: .string(why)
        ])
    ]
  }

  func expireOffer() throws(Rejection) -> [Event] {
    let offer = try currentOffer()
    guard now >= offer.expiresAt else {
      throw .reserved(task: task.id, to: offer.to, until: offer.expiresAt)
    }
    return [
      event(
        .handoffExpired,
        data: [
          .expiresAt: .instant(offer.expiresAt), .from: .string(offer.from), .host: .string(caller.host),
          .instance: caller.instance.json, .to: .string(offer.to)
        ])
    ]
  }

  private func currentOffer() throws(Rejection) -> Offer {
    guard task.state == .offered, let offer = task.offer else { throw .wrongState(task.state, .handOver) }
    return offer
  }
}
