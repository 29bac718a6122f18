import OrchGit
import OrchTestSupport
import Testing

@Suite("Trailers")
struct TrailerReadTests {
  private func expectSame(
    _ messages: [[UInt8]], _ seen: [[Trailer]], at place: SourceLocation = #_sourceLocation,
    _ read: ([UInt8]) -> [Trailer]
  ) {
    #expect(seen.count == messages.count, sourceLocation: place)
    var different = 0
    for (message, seen) in zip(messages, seen) {
      let found = read(message)
      if found == seen { continue }
      different += 1
      if different < 6 {
        Issue.record(
          "\(String(decoding: message, as: UTF8.self).debugDescription)\nis  \(found)\ngit \(seen)",
          sourceLocation: place)
      }
    }
    #expect(different == 0, sourceLocation: place)
  }

  @Test func `six thousand messages read as git reads them`() {
    var corpus = TrailerCorpus(seed: 1)
    let messages = corpus.messages(6000)
    let seen = TrailerScratch().trailers(of: messages)
    #expect(seen.count { !$0.isEmpty } > 1500)
    expectSame(messages, seen) { Trailers.read($0) }
  }

  @Test func `the known keys alone are those of git, whatever their case`() {
    var corpus = TrailerCorpus(seed: 2)
    let messages = corpus.messages(1500)
    let known = Set(LineageKey.names.map { $0.lowercased() })
    let seen = TrailerScratch().trailers(of: messages).map { $0.filter { known.contains($0.key.lowercased()) } }
    expectSame(messages, seen) { Trailers.read($0, keys: LineageKey.names) }
  }

  @Test func `a configured key makes a block of a paragraph with prose`() {
    var corpus = TrailerCorpus(seed: 3, plainKeys: true)
    let messages = corpus.messages(1500)
    // git spells a configured key as the configuration does.
    func lowered(_ trailers: [Trailer]) -> [Trailer] { trailers.map { Trailer($0.key.lowercased(), $0.value) } }
    let seen = TrailerScratch().trailers(of: messages, configuration: ["trailer.orch-task.key=Orch-Task"]).map(lowered)
    expectSame(messages, seen) { lowered(Trailers.read($0, configured: ["Orch-Task"])) }
  }

  @Test func `another comment character is git's, too`() {
    var corpus = TrailerCorpus(seed: 4)
    let messages = corpus.messages(1500).map { $0.map { $0 == UInt8(ascii: "#") ? UInt8(ascii: ";") : $0 } }
    let seen = TrailerScratch().trailers(of: messages, configuration: ["core.commentChar=;"])
    expectSame(messages, seen) { Trailers.read($0, comment: UInt8(ascii: ";")) }
  }

  @Test func `an empty reviewer leaves the next line alone`() {
    let message = Array("T\n\nReviewer:\nSource: openclaw:discord\nAuthor: a\n  b\n".utf8)
    #expect(
      Trailers.read(message) == [
        Trailer("Reviewer", ""), Trailer("Source", "openclaw:discord"), Trailer("Author", "a b")
      ])
  }

  @Test func `nothing is found in nothing, and nothing behind a NUL`() {
    #expect(Trailers.read([]).isEmpty)
    #expect(Trailers.read([10, 10]).isEmpty)
    #expect(Trailers.inner([]).isEmpty)
    #expect(Trailers.read(Array("T\n\nA: x\0\n\nB: y\n".utf8)) == [Trailer("A", "x")])
  }

  /// In a time that grows with the square of the length it would take hours.
  @Test func `ten megabytes are read in linear time`() {
    let line = Array("a line of prose, of which there are many -------- and -- more: x\n".utf8)
    var prose = Array("T\n\n".utf8)
    while prose.count < 10_000_000 { prose += line }
    let stamped = prose + Array("\nAuthor: a\n".utf8)
    let cases: [([UInt8], [Trailer])] = [
      (stamped, [Trailer("Author", "a")]), (prose, []), ([UInt8](repeating: 45, count: 10_000_000), []),
      ([UInt8](repeating: 10, count: 2_000_000), []), ([UInt8](repeating: 65, count: 10_000_000) + [58], [])
    ]
    for (message, expected) in cases {
      #expect(Trailers.read(message) + Trailers.inner(message).joined() == expected)
    }
  }

  @Test func `what a squash leaves inside is found by paragraph`() {
    let message = Array(
      """
      feat: both (#12)

      * feat: one (company-agent)

      Why it was done.

      Author: company-agent
      Orch-Task: t-1
      Orch-Event: 01hx5t0000000000000000000a/3f2a91c4b7

      * feat: two (home-agent)

      Author: home-agent
      Orch-Task: t-2
      Signed-off-by: Jane <jane@example.org>

      Note: this paragraph
      Orch-Task: t-3
      is prose.

          Orch-Task: t-4

      Reviewed-by: nobody that is known

      Co-authored-by: Jane <jane@example.org>

      """.utf8)
    #expect(
      Trailers.inner(message) == [
        [
          Trailer("Author", "company-agent"), Trailer("Orch-Task", "t-1"),
          Trailer("Orch-Event", "01hx5t0000000000000000000a/3f2a91c4b7")
        ],
        [Trailer("Author", "home-agent"), Trailer("Orch-Task", "t-2")]
      ])
  }

  @Test func `no paragraph is both the last one and an inner one`() {
    var corpus = TrailerCorpus(seed: 5)
    for message in corpus.messages(3000) {
      let with = Trailers.inner(message + Array("\n\nprose\n\nprose\n".utf8), keys: LineageKey.names)
      let last = Trailers.read(message, keys: LineageKey.names)
      let inner = Trailers.inner(message)
      #expect(inner.count + (last.isEmpty ? 0 : 1) >= with.count)
      #expect(inner.count <= with.count)
    }
    for text in [
      "Author: a\n", "# c\nAuthor: a\n", "T\n\nAuthor: a\n", "T\n\nAuthor: a\n\n#c\n  \n", "T\n\nAuthor: a\n# c\n  b\n"
    ] {
      #expect(Trailers.inner(Array(text.utf8)).isEmpty)
    }
  }
}
