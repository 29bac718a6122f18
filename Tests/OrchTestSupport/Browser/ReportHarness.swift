#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore
package import Testing

/// Proves that reports are what they claim to be: HTML in a browser, with axe-core and two parsers; Markdown as a forge
/// reads it; Mermaid's diagrams drawn by mermaid. The work is done by `Tests/ReportHarness/harness.py`.
///
/// A start of the browser takes a second: give one call all files that there are.
package enum ReportHarness {
  /// How a page is looked at.
  package enum View: String, Sendable, CaseIterable {
    case light, dark
    /// 360 px, as on a telephone.
    case narrow
    case print
  }

  /// A file to check, and what it is to be.
  package struct Job: Sendable {
    package let path: String
    let kind: String
    let isPictured: Bool
    let options: [JSONMember]

    private init(
      _ kind: String, _ path: String, _ options: KeyValuePairs<String, JSON?>, isPictured: Bool = false
    ) {
      (self.kind, self.path, self.isPictured) = (kind, path, isPictured)
      self.options = options.compactMap { key, value in value.map { JSONMember(key: key, value: $0) } }
    }

    /// A page.
    ///
    /// - Parameters:
    ///   - lang: the language that it is to declare; nil for any.
    ///   - texts: what is to be read in it, letter by letter.
    ///   - isPictured: whether it gets pictures, where there is a place for them.
    package static func html(
      _ path: String, lang: String? = nil, views: [View] = View.allCases, texts: [String] = [], isPictured: Bool = true
    ) -> Job {
      Job(
        "html", path,
        ["lang": lang.map { .string($0) }, "views": list(views.map(\.rawValue)), "texts": list(texts)],
        isPictured: isPictured)
    }

    /// A Markdown file.
    ///
    /// - Parameters:
    ///   - bars: how many bars each of its diagrams is to show; nil for any.
    ///   - codeBlocks: the languages that its fences may have.
    ///   - trailers: whether its last paragraph is one of trailers.
    ///   - allowing: what GitHub's filters may make of its text, as `gfm.FILTERS` names it: `emoji`, `mathematics`, ….
    package static func markdown(
      _ path: String, bars: [Int]? = nil, codeBlocks: [String] = ["mermaid"], trailers: Bool = false,
      allowing: [String] = [], texts: [String] = []
    ) -> Job {
      Job(
        "markdown", path,
        [
          "bars": bars.map { .array($0.map { .int(Int64($0)) }) }, "codeBlocks": list(codeBlocks),
          "trailers": .bool(trailers), "allow": list(allowing), "texts": list(texts)
        ])
    }

    /// A diagram's source.
    ///
    /// - Parameter bars: how many bars it is to show; nil for any.
    package static func mermaid(_ path: String, bars: Int? = nil, texts: [String] = []) -> Job {
      Job("mermaid", path, ["bars": bars.map { .int(Int64($0)) }, "texts": list(texts)])
    }

    private static func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
  }

  /// What was found about a file.
  package struct Outcome: Sendable {
    package let path: String
    /// What is wrong with it, each with its kind before a colon.
    package let findings: [String]
    /// What axe-core could not decide.
    package let notes: [String]
    /// The pictures that were made, and the PDF.
    package let files: [String]
    /// Of a page: how many it is printed on.
    package let pages: Int
    /// How many bars each diagram shows.
    package let bars: [Int]
    /// All texts in the diagrams.
    package let labels: [String]

    init(_ answer: JSON) {
      path = answer["path"]?.stringValue ?? ""
      findings = Self.texts(answer["findings"])
      notes = Self.texts(answer["notes"])
      files = Self.texts(answer["files"])
      pages = Int(answer["pages"]?.intValue ?? 0)
      bars = Self.elements(answer["bars"]).map { Int($0.intValue ?? 0) }
      labels = Self.texts(answer["labels"])
    }

    private static func elements(_ value: JSON?) -> [JSON] {
      guard case .array(let elements)? = value else { return [] }
      return elements
    }

    private static func texts(_ value: JSON?) -> [String] { elements(value).compactMap(\.stringValue) }
  }

  /// The directory in `ORCH_TEST_KEEP`, where pictures are kept; nil when there is none.
  package static let kept: String? = getenv("ORCH_TEST_KEEP").flatMap { $0[0] == 0 ? nil : String(cString: $0) }

  /// Checks files, in the order given.
  ///
  /// - Parameter screenshots: the directory for pictures of pages, light, dark and narrow, and for their PDF; nil for
  ///   none. They are called as the file, so that two files of the same name need two calls.
  package static func check(_ jobs: [Job], screenshots: String? = kept) throws -> [Outcome] {
    let scratch = Files.makeScratch()
    defer { Files.remove(scratch) }
    let requests = jobs.map { job in
      JSON.object([
        JSONMember(key: "kind", value: .string(job.kind)), JSONMember(key: "path", value: .string(job.path)),
        JSONMember(key: "screenshots", value: job.isPictured ? screenshots.map { .string($0) } ?? .null : .null),
        JSONMember(key: "options", value: .object(job.options))
      ])
    }
    var request: [UInt8] = []
    JSON.object([JSONMember(key: "jobs", value: .array(requests))]).write(into: &request)
    let outcome = run([], input: try Files.write(request, to: scratch + "/request"), scratch: scratch)
    guard outcome.status == 0, case .array(let answers)? = try JSON.parse(outcome.outBytes)["jobs"] else {
      throw ServerFailure("the checks of reports did not run (\(outcome.status)): \(outcome.stderr)")
    }
    return answers.map(Outcome.init)
  }

  static let missing =
    "the tests need chromium, cmark-gfm, java, python3 and what is in .build-tools: Scripts/test installs them"

  /// Whether tests with it run. In CI they always do, and fail where something is missing.
  package static let isWanted = PostgresServer.isContinuousIntegration || isAvailable

  private static let isAvailable: Bool = {
    let scratch = Files.makeScratch()
    defer { Files.remove(scratch) }
    return run(["--tools"], input: nil, scratch: scratch).status == 0
  }()

  private static func run(_ words: [String], input: String?, scratch: String) -> CommandOutcome {
    let tests = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    var environment = ["LANG": "C.UTF-8", "TZ": "UTC", "TMPDIR": scratch]
    for name in ["PATH", "HOME"] { environment[name] = getenv(name).map { String(cString: $0) } }
    return CommandLineRun(
      program: "/usr/bin/env",
      arguments: (["python3", tests + "/ReportHarness/harness.py"] + words).map { Array($0.utf8) },
      environment: environment, directory: scratch, input: input, output: nil, scratch: scratch
    ).run()
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips where the browser or what else the checks need is missing, unless in CI.
  package static var needsBrowser: Self {
    .enabled(if: ReportHarness.isWanted, Comment(rawValue: ReportHarness.missing))
  }
}
