extension LeaseFiles {
  /// The newest file of an agent (of anybody, when nil) nearest to a place: where a holder's database is known from.
  package func newest(agent: String?, near place: Instance) -> LeaseFile? {
    all().compactMap { file -> (file: LeaseFile, distance: Int)? in
      guard agent == nil || agent == file.agent, let distance = place.distance(to: file.instance) else { return nil }
      return (file, distance)
    }.min { ($0.distance, $1.file.writtenAt) < ($1.distance, $0.file.writtenAt) }?.file
  }
}
