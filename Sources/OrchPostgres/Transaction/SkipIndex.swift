import OrchCore
import OrchStore

/// The skip index, `orch.event_block`: which blocks of positions have events with which facet.
///
/// A search for a facet reads only the blocks that have it. A block is the positions of 1,024 transactions, so most
/// transactions add nothing to the index.
enum SkipIndex {
  /// How many positions are a block, as a power of two.
  static let bits = Positions.bits + 10

  static func block(of position: Int) -> Int { position >> bits }

  /// Whether a position lies in a block, as SQL.
  static func isIn(_ block: String, _ position: String) -> String {
    "\(position) >= \(block) << \(bits) AND \(position) < (\(block) + 1) << \(bits)"
  }

  /// Whether a row of the index is of a kind, as SQL.
  static func isOf(_ kind: EventQuery.Facet.Kind) -> String { "facet = \(kind.rawValue)" }
}

/// Rows that transactions share: who inserts one first makes the others wait until its end. So they come last, and all
/// in one order.
struct DeferredUpserts {
  fileprivate struct Facet: Hashable {
    var kind: EventQuery.Facet.Kind
    var value: String
    /// The block; of a kind that the index has positions for, the position.
    var block: Int
  }

  /// What is known to be there already.
  let known: KnownKeys
  private var facets: Set<Facet> = []
  /// What was sent, to be known once it is committed.
  private var sent: Set<Facet> = []
  private var filterKeys: Set<ClaimFilterKey> = []

  init(known: KnownKeys) { self.known = known }

  mutating func note(_ event: Event, at position: Int) {
    let block = SkipIndex.block(of: position)
    event.forEachFacet { kind, value in
      facets.insert(Facet(kind: kind, value: value, block: kind == .link ? position : block))
    }
  }

  /// Whether an actor is among what is to be written.
  func hasActor(_ name: String) -> Bool { facets.contains { $0.kind == .actor && $0.value == name } }

  mutating func note(_ filterKey: ClaimFilterKey) { filterKeys.insert(filterKey) }

  /// The statements that write the filter keys.
  mutating func takeFilterKeys() -> [Query] {
    let sorted = filterKeys.map { ($0, $0.label) }.sorted { $0.1 < $1.1 }
    filterKeys = []
    return sorted.map { key, label in
      Query(
        """
        INSERT INTO orch.class(label, kind, project, assignee, reviewers) VALUES ($1, $2, $3, $4, $5::text[])
        ON CONFLICT (label) DO NOTHING
        """, label, key.kind, key.project, key.assignee, key.reviewers)
    }
  }

  mutating func takeAll() -> [Query] {
    var queries = takeFilterKeys()
    facets.subtract(known.facets)
    guard !facets.isEmpty else { return queries }
    let sorted = facets.sorted { ($0.kind.rawValue, $0.value, $0.block) < ($1.kind.rawValue, $1.value, $1.block) }
    queries.append(
      Query(
        """
        INSERT INTO orch.event_block(facet, value, block)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[]) ON CONFLICT (facet, value, block) DO NOTHING
        """, sorted.map { Int($0.kind.rawValue) }, sorted.map(\.value), sorted.map(\.block)))
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
    facets.formUnion(new.filter { $0.kind != .link })
    for facet in new where facet.kind == .actor { actors.insert(facet.value) }
  }

  func add(actor: String) { actors.insert(actor) }
}
