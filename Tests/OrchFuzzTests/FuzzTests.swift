import OrchFuzz
import OrchTestSupport
import Testing

/// What arbitrary bytes may do to the readers of outside input. `Scripts/fuzz` runs the same targets for longer.
@Suite("Arbitrary input")
struct FuzzTests {
  private static let directory = "\(#filePath.dropLast("OrchFuzzTests/FuzzTests.swift".count))Fuzz/Seeds/"

  private func seeds(_ target: FuzzTarget) throws -> [[UInt8]] {
    let place = Self.directory + target.rawValue
    return try Files.names(in: place).map { try Files.read(place + "/" + $0) }
  }

  @Test(arguments: FuzzTarget.allCases) func `seeds and what once failed hold`(target: FuzzTarget) throws {
    let seeds = try seeds(target)
    #expect(!seeds.isEmpty)
    for seed in seeds { try target.run(seed) }
  }

  @Test(arguments: FuzzTarget.allCases) func `seeds that were changed hold`(target: FuzzTarget) throws {
    var mutator = Mutator(seeds: try seeds(target), number: 7)
    for _ in 0..<4000 {
      let input = mutator.next()
      do { try target.run(input) } catch {
        Issue.record("\(error): \(String(decoding: input, as: UTF8.self).debugDescription)")
        return
      }
    }
  }
}
