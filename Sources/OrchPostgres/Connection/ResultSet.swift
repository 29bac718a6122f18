import CLibPQ
import OrchCore

/// The rows that a statement gave.
final class ResultSet {
  private let pq: orch_pq
  private let result: OpaquePointer
  let count: Int

  init(_ pq: orch_pq, _ result: OpaquePointer) {
    self.pq = pq
    self.result = result
    count = Int(pq.ntuples(result))
  }

  deinit { pq.clear(result) }

  subscript(row: Int) -> Row { Row(answer: self, number: Int32(row)) }

  var rows: [Row] { (0..<count).map { self[$0] } }

  var first: Row? { count > 0 ? self[0] : nil }

  fileprivate func bytes(_ row: Int32, _ column: Int32) -> UnsafeBufferPointer<UInt8>? {
    guard pq.getisnull(result, row, column) == 0, let value = pq.getvalue(result, row, column) else { return nil }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self), count: Int(pq.getlength(result, row, column)))
  }
}

/// One row, read by the order of its columns.
struct Row {
  fileprivate let answer: ResultSet
  fileprivate let number: Int32

  func isNull(_ column: Int) -> Bool { answer.bytes(number, Int32(column)) == nil }

  func optionalText(_ column: Int) -> String? {
    answer.bytes(number, Int32(column)).map { String(decoding: $0, as: UTF8.self) }
  }

  func text(_ column: Int) -> String { optionalText(column) ?? "" }

  func bytes(_ column: Int) -> [UInt8] { answer.bytes(number, Int32(column)).map(Array.init) ?? [] }

  func optionalInt(_ column: Int) -> Int? {
    guard let bytes = answer.bytes(number, Int32(column)) else { return nil }
    var value = 0
    var isNegative = false
    for byte in bytes {
      if byte == UInt8(ascii: "-") { isNegative = true } else { value = value &* 10 &- Int(byte &- UInt8(ascii: "0")) }
    }
    return isNegative ? value : -value
  }

  func int(_ column: Int) -> Int { optionalInt(column) ?? 0 }

  func bool(_ column: Int) -> Bool { answer.bytes(number, Int32(column))?.first == UInt8(ascii: "t") }

  func instant(_ column: Int) -> Instant { Instant(milliseconds: Int64(int(column))) }

  func optionalInstant(_ column: Int) -> Instant? { optionalInt(column).map { Instant(milliseconds: Int64($0)) } }
}

extension PostgresFailure {
  /// What is stored contradicts itself.
  static func corrupt(_ message: Message) -> PostgresFailure { PostgresFailure(.corrupt, message) }
}
