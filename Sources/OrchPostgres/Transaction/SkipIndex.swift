import OrchCore
import OrchStore

/// Which block of positions has events with which facet.
enum SkipIndex {
  /// How many positions share an entry, as a power of two: those of a thousand transactions.
  static let bits = Positions.bits + 10

  static func block(of position: Int) -> Int { position >> bits }
}

/// Rows that transactions share: who inserts one first makes the others wait until its end. So they come last, and all
/// in one order.
struct DeferredUpserts {
  fileprivate struct Facet: Hashable {
    var number: Int
    var value: String
    var block: Int
  }

  /// What is known to be there already.
  let known: KnownKeys
  private var facets: Set<Facet> = []
  /// What was sent, to be known once it is committed.
  private var sent: Set<Facet> = []
  private var classes: Set<ClaimFilterKey> = []

  init(known: KnownKeys) { self.known = known }

  mutating func note(_ event: Event, at position: Int) {
    let block = SkipIndex.block(of: position)
    let roles = event.roles
    for (number, value) in [(1, roles.actor), (2, roles.author), (3, roles.reviewer), (4, roles.source)] {
      if let value { facets.insert(Facet(number: number, value: value, block: block)) }
    }
    facets.insert(Facet(number: 5, value: event.type.rawValue, block: block))
    for oid in event.commits { facets.insert(Facet(number: 6, value: oid, block: block)) }
    for oid in event.linkedCommits { facets.insert(Facet(number: 7, value: oid, block: position)) }
  }

  /// Whether an actor is among what is to be written.
  func hasActor(_ name: String) -> Bool { facets.contains { $0.number == 1 && $0.value == name } }

  mutating func note(_ taskClass: ClaimFilterKey) { classes.insert(taskClass) }

  /// The classes, which a search for candidates has to see.
  mutating func takeClasses() -> [Query] {
    var queries: [Query] = []
    for taskClass in classes.sorted(by: { $0.label < $1.label }) {
      queries.append(
        Query(
          """
          INSERT INTO orch.class(label, kind, project, assignee, reviewers) VALUES ($1, $2, $3, $4, $5::text[])
          ON CONFLICT (label) DO NOTHING
          """, taskClass.label, taskClass.kind, taskClass.project, taskClass.assignee, taskClass.reviewers))
    }
    classes = []
    return queries
  }

  mutating func takeAll() -> [Query] {
    var queries = takeClasses()
    facets.subtract(known.facets)
    guard !facets.isEmpty else { return queries }
    let sorted = facets.sorted { ($0.number, $0.value, $0.block) < ($1.number, $1.value, $1.block) }
    queries.append(
      Query(
        """
        INSERT INTO orch.event_block(facet, value, block)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[]) ON CONFLICT (facet, value, block) DO NOTHING
        """, sorted.map(\.number), sorted.map(\.value), sorted.map(\.block)))
    sent.formUnion(facets)
    facets = []
    return queries
  }

  /// The transaction is committed: nobody has to say this again.
  func committed() { known.add(sent) }
}

/// Rows that a store's transactions have found or written, and that nothing deletes.
final class KnownKeys {
  fileprivate var facets: Set<DeferredUpserts.Facet> = []
  /// Who is known to have acted.
  private(set) var actors: Set<String> = []

  fileprivate func add(_ new: Set<DeferredUpserts.Facet>) {
    // Blocks pass by.
    if facets.count > 4096 { facets.removeAll() }
    facets.formUnion(new.filter { $0.number != 7 })
    for facet in new where facet.number == 1 { actors.insert(facet.value) }
  }

  func add(actor: String) { actors.insert(actor) }
}
