#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchTestSupport
import Testing

/// A report as it was recorded in `Story`, without what changes from run to run: names, times, and where bars begin.
///
/// With `ORCH_TEST_RECORD` set what is recorded is written anew.
struct StorySnapshot {
  private let git: GitScratch
  private static let directory = "\(#filePath.dropLast("StorySnapshot.swift".count))Story/"

  init(_ git: GitScratch) { self.git = git }

  func expect(_ text: String, _ name: String, at place: SourceLocation = #_sourceLocation) throws {
    let found = normalized(text)
    let path = Self.directory + name + ".txt"
    if getenv("ORCH_TEST_RECORD") != nil {
      _ = try Files.write(found, to: path)
      return
    }
    let expected = String(decoding: try Files.read(path), as: UTF8.self)
    guard found != expected else { return }
    let (new, old) = (
      found.split(separator: "\n", omittingEmptySubsequences: false),
      expected.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let first = zip(new, old).enumerated().first { $0.element.0 != $0.element.1 }
    let line = first?.offset ?? min(new.count, old.count)
    Issue.record(
      "\(name) differs from line \(line + 1) on\n--- is\n\(line < new.count ? new[line] : "")\n--- was\n\(line < old.count ? old[line] : "")",
      sourceLocation: place)
  }

  private func normalized(_ report: String) -> String {
    var text = report
    text.replace(git.home.path, with: "HOME")
    if let address = git.home.postgres?.url { text.replace(address, with: "DATABASE") }
    text.replace(#/\b[0-9A-HJKMNP-TV-Z]{26}\b/#, with: "LOG")
    text.replace(#/\b[0-9a-hjkmnp-tv-z]{26}\/[0-9a-f]{64}/#, with: "LOG/HEAD")
    text.replace(#/\b[0-9a-f]{64}\b/#, with: "SHA256")
    text.replace(#/\b[0-9a-f]{40}\b/#, with: "OID")
    // The particle behind it goes by its last digit.
    text.replace(#/\b(?=[0-9a-f]*[0-9])[0-9a-f]{10}(?![0-9A-Za-z])(으로|로)?/#) { $0.1 == nil ? "SHORT" : "SHORT로" }
    text.replace(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#, with: "TIME")
    text.replace(#/\d{4}년 \d+월 \d+일 \([^)]*\) \d\d:\d\d/#, with: "DATE")
    text.replace(#/(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d/#, with: "DATE")
    text.replace(#/\d{4}-\d\d-\d\d/#, with: "DAY")
    text.replace(#/\b\d\d:\d\d(:\d\d)?\b/#, with: "CLOCK")
    // How many marks its axis has goes by how long the run took; the table below it has the same data.
    text.replace(#/(?s)<svg.*?<\/svg>/#, with: "<svg/>")
    text.replace(#/\d+\.\d( s|초)/#) { "N.N\($0.1)" }
    text.replace(#/"durationMs":\d+/#, with: "\"durationMs\":N")
    text.replace(Snapshot.host, with: "HOST")
    text.replace(Snapshot.login + "@", with: "LOGIN@")
    return text
  }
}
