#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp

/// Says why there are no figures, and ends the process.
func fail(_ message: String, _ status: Int32) -> Never {
  let line = "orch-bench: \(message)\n"
  write(2, line, line.utf8.count)
  exit(status)
}

do {
  let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
  switch arguments.benchmark {
  case "fill": try Single.fill(arguments)
  case "hold": try Single.hold(arguments)
  case "claim-release": try ClaimRelease.run(arguments)
  case "claim-release-worker": try ClaimRelease.runWorker(arguments)
  case "heartbeat": try Single.heartbeat(arguments)
  case "add": try Single.add(arguments)
  case "log-scan": try Single.logScan(arguments)
  case "recover": try Single.recover(arguments)
  case "claim-depth": try Single.claimDepth(arguments)
  default: throw BenchFailure.usage
  }
} catch let failure as BenchFailure {
  fail(failure.message, 64)
} catch let error as OrchError {
  fail("\(error.code.rawValue): \(error.message)", 1)
} catch {
  fail("\(error)", 1)
}
