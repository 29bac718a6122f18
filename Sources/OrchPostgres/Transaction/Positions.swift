/// How the positions of a transaction come about.
///
/// A transaction appends to a session only while it has a higher number than the one before it there, so positions
/// follow the streams; and no transaction below the lowest number still going on can add anything.
struct Positions {
  /// How many bits the place in the transaction has.
  static let bits = 20
  private var transaction = 0
  private var isOrdered = true
  private var count = 0

  init() {}

  init(transaction: Int, isOrdered: Bool) {
    self.transaction = transaction
    self.isOrdered = isOrdered
  }

  /// The number of the transaction that a position is of.
  static func transaction(of position: Int) -> Int { position >> bits }

  /// What no position of this transaction reaches.
  var end: Int { (transaction + 1) << Self.bits }

  /// The number of this transaction; nil where positions are not ordered by it.
  var transactionIfOrdered: Int? { isOrdered ? transaction : nil }

  /// Of a reading transaction, whose number is the lowest still going on: what is below it is settled.
  var settled: Int { isOrdered ? (transaction << Self.bits) - 1 : .max }

  mutating func next() -> Int? {
    guard count + 1 < 1 << Self.bits else { return nil }
    count += 1
    return transaction << Self.bits | count
  }
}
