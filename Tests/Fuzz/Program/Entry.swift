import OrchFuzz

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

#if FUZZING
  // SwiftPM gives the program its own main function, so libFuzzer's is called from there.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
  ) -> CInt

  /// The library's own main function looks for this name, and some linkers take that main along.
  @_cdecl("LLVMFuzzerTestOneInput")
  func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Program.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
  }
#endif

/// Runs the target that `ORCH_FUZZ_TARGET` names: under libFuzzer when built by Scripts/fuzz, else once with each file
/// that is given.
@main
enum Program {
  private static let target: FuzzTarget = {
    guard let target = FuzzTarget(rawValue: getenv("ORCH_FUZZ_TARGET").map { String(cString: $0) } ?? "") else {
      fatalError("ORCH_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return target
  }()

  fileprivate static func run(_ bytes: [UInt8]) {
    do { try target.run(bytes) } catch { fatalError("\(error)") }
  }

  static func main() {
    #if FUZZING
      var count = CommandLine.argc
      var arguments = CommandLine.unsafeArgv
      exit(
        runFuzzer(&count, &arguments) { testOneInput($0, $1) })
    #else
      for path in CommandLine.arguments.dropFirst() {
        guard let file = fopen(path, "r") else { fatalError("cannot open \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        run(bytes)
      }
    #endif
  }
}
