import OrchCore
import OrchStore

// The lease that a command of its holder is about, found by sessions alone: most of what a heartbeat costs is what it
// looks at.

extension App {
  /// A lease that a token from here has now.
  struct Present {
    var session: Session
    var lease: Lease

    init(session: Session, lease: Lease) {
      self.session = session
      self.lease = lease
    }

    init(_ held: Held) { self.init(session: held.session, lease: held.lease) }
  }

  /// The present lease that a holder's command is about; nil where that takes more than a look at what is held now:
  /// `standing` finds it then, or says why there is none.
  func present(_ request: HolderRequest, _ files: [LeaseFile], in reader: any StoreReader) throws -> Present? {
    guard !request.isNamed else { return nil }
    if let token = request.token { return try present(token, in: reader) }
    let near = near(files)
    // Of another database only when nothing is held of this one: it may have been moved, or imported, here.
    for isOwn in [true, false] {
      var nearest: (present: Present, distance: Int, isOne: Bool)?
      for (file, distance) in near where (file.logID == reader.logID) == isOwn {
        guard distance <= nearest?.distance ?? .max, let present = try present(file.token, in: reader) else { continue }
        nearest = (present, distance, distance < nearest?.distance ?? .max)
      }
      if let nearest { return nearest.isOne ? nearest.present : nil }
    }
    return nil
  }

  /// What `present` asks.
  func foresightOfPresent(_ request: HolderRequest, _ files: [LeaseFile]) -> [ReadRequest] {
    guard !request.isNamed else { return foresight(request, files) }
    if let token = request.token { return [.holding(token.hash)] }
    return newest(near(files).map(\.file)).map { .holding($0.token.hash) }
  }

  private func near(_ files: [LeaseFile]) -> [(file: LeaseFile, distance: Int)] {
    files.compactMap { file in
      guard settings.agent == nil || settings.agent == file.agent else { return nil }
      return settings.instance.distance(to: file.instance).map { (file, $0) }
    }
  }

  private func present(_ token: Token, in reader: any StoreReader) throws -> Present? {
    guard let session = try reader.session(holding: token.hash), let lease = session.lease else { return nil }
    return settings.agent == nil || settings.agent == lease.agent ? Present(session: session, lease: lease) : nil
  }
}
