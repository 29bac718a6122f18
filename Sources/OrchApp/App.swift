package import OrchCore
package import OrchStore

/// The use cases, on one database, for one caller: one file a use case under `UseCases/`, what only reads under
/// `Queries/`. `Execution.swift` has the driver that every change goes through.
///
/// A front end turns arguments into one call and its result into one rendering. The public use cases throw `OrchError`
/// only.
package final class App {
  package let store: any Store
  package let settings: Settings
  let leaseFiles: LeaseFiles
  /// The repository around this place.
  package let surroundings: RepositoryContext
  /// Told what the user should know but what stops nothing.
  let warn: (Message) -> Void
  /// Where tokens, generated ids and jitter come from.
  var random: any RandomNumberGenerator

  package init(
    store: any Store, settings: Settings, leaseFiles: LeaseFiles, surroundings: RepositoryContext = .outside,
    random: any RandomNumberGenerator = SystemRandomNumberGenerator(), warn: @escaping (Message) -> Void = { _ in }
  ) {
    self.random = random
    self.store = store
    self.settings = settings
    self.leaseFiles = leaseFiles
    self.surroundings = surroundings
    self.warn = warn
  }

  /// The agent, for a command that cannot do without.
  func agent() throws(OrchError) -> String {
    guard let agent = settings.agent else {
      throw OrchError.usage(.errorWhichAgent, hint: .text(.hintNameAgent))
    }
    return agent
  }

  /// Who acts, for a command that a person may give. Looking up a login takes a while, and many tasks may be added.
  private(set) lazy var actor: String = settings.agent ?? "\(settings.login())@\(settings.host)"

  func caller(_ actor: String, at now: Instant) -> Caller {
    Caller(
      actor: actor, source: settings.source, defaultSource: settings.defaultSource, host: settings.host,
      instance: settings.instance.name, commit: settings.commit, now: now, jitter: random.next())
  }

  /// The known agent that one whom nobody has seen before is named almost like; nil for an agent that is known.
  func lookalike(of agent: String) -> Read<String?> {
    Read<Bool>.hasActor(agent).map { isKnown, reader in
      guard !isKnown else { return nil }
      let known = try reader.knownNames()
      return known.contains(agent) ? nil : nearest(to: agent, in: Array(known), within: 2)
    }
  }

  /// Warns of an agent whom nobody has seen before, where the name may be mistyped.
  func warnOfUnknown(_ agent: String, _ lookalike: String?) {
    if let lookalike { warn(.warningNewAgent(agent: agent, near: lookalike)) }
  }
}

/// What the caller is and wants by default, resolved from options, environment and configuration.
package struct Settings: Sendable {
  package var agent: String?
  /// Given with the command: wins over the task's source.
  package var source: String?
  /// From the environment or the configuration, else `cli:<host>`.
  package var defaultSource: String
  package var project: String?
  package var instance: Instance
  package var host: String
  /// The user's name; looking it up costs a start more than all else, so only those who need it do.
  package var login: @Sendable () -> String
  /// The database as lease files name it, without a password.
  package var database: String
  /// Where the work tree stands.
  package var commit: CommitPosition?

  package init(
    agent: String?, source: String?, defaultSource: String, project: String?, instance: Instance, host: String,
    login: @escaping @Sendable () -> String, database: String, commit: CommitPosition? = nil
  ) {
    self.agent = agent
    self.source = source
    self.defaultSource = defaultSource
    self.project = project
    self.instance = instance
    self.host = host
    self.login = login
    self.database = database
    self.commit = commit
  }
}

/// One of several places where the same agent runs at once.
package struct Instance: Hashable, Sendable {
  package var name: String
  /// Given by name, not found from a directory.
  package var isNamed: Bool
  /// A work tree's top, so that directories above it are not this place.
  package var isWorkTree: Bool

  package init(name: String, isNamed: Bool, isWorkTree: Bool) {
    self.name = name
    self.isNamed = isNamed
    self.isWorkTree = isWorkTree
  }

  /// How near a lease taken in `other` is to here: 0 the same place, more for directories above, nil elsewhere.
  func distance(to other: Instance) -> Int? {
    if name == other.name { return isNamed == other.isNamed ? 0 : nil }
    guard !isNamed, !other.isNamed, !isWorkTree else { return nil }
    let above = other.name.hasSuffix("/") ? other.name : other.name + "/"
    guard name.hasPrefix(above) else { return nil }
    return name.utf8.dropFirst(above.utf8.count).reduce(1) { $0 + ($1 == UInt8(ascii: "/") ? 1 : 0) }
  }
}
