import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Handoff: OrchGroup {
  static let configuration = CommandConfiguration(
    commandName: "handoff", abstract: "Offer the held task to another agent; accept or decline an offer; list them.",
    discussion: """
      Until an offer is accepted, declined or expired only the receiver may claim in that session. A plain orch claim \
      by the receiver takes offers first.
      """,
    subcommands: members)
  static let members: [any OrchCommand.Type] = [
    HandoffOffer.self, HandoffAccept.self, HandoffDecline.self, HandoffList.self
  ]

  @OptionGroup var global: GlobalOptions
}

struct HandoffOffer: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "offer", abstract: "Offer the held task to another agent, and give back its lease.")
  static var path: String { "handoff offer" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var holder: HolderOptions

  @Option(help: ArgumentHelp("Who is to take it.", valueName: "agent"))
  var to: String

  @Option(name: .customShort("m"), help: ArgumentHelp("Why: text, @FILE or - for standard input.", valueName: "why"))
  var message: String

  @Option(help: ArgumentHelp("What is to be done next.", valueName: "text"))
  var next: String?

  @Option(help: ArgumentHelp("How long the offer stands: 1s to 365d (24h).", valueName: "duration"))
  var expires: String?

  @Option(
    help: ArgumentHelp(
      "Write a report of the task into this file, as its name ends: .md, .html, .json.", valueName: "file"))
  var report: String?

  @Flag(name: .customLong("allow-dirty"), help: "Offer although files are not committed.")
  var allowDirty = false

  func run(_ invocation: Invocation) throws {
    guard let why = try invocation.input.words(message, "-m") else { throw OrchError.invalid("say why with -m") }
    let request = OfferRequest(
      to: try Validated.identifier(to, "--to"), why: why, next: try next.flatMap { try Validated.text($0, "--next") },
      expiresInSeconds: try expires.map { try Validated.seconds($0, "--expires", in: 1...365 * 86400) } ?? 86400,
      allowsDirty: allowDirty)
    let file = try report.map { try ReportFile($0, invocation) }
    let app = try invocation.runtime.offering()
    let offered = try app.offer(holder.request(invocation), request)
    try file?.write(app.report(.tasks([offered.task.shownID]), for: offered.handoff.to))
    invocation.output.result(json: .handoff(offered.handoff), text: invocation.confirmation(offered))
  }
}

struct HandoffAccept: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Take an offered task under a lease, as a claim does.")
  static var path: String { "handoff accept" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(help: ArgumentHelp("What was understood, in your own words: text, @FILE or -.", valueName: "text"))
  var restate: String?

  @Option(help: ArgumentHelp("The lease's time to live: 1s to 30d (30m).", valueName: "duration"))
  var ttl: String?

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    let restatement = try restate.flatMap { try invocation.input.text($0, "--restate") }
    let ttlSeconds = try ttl.map { try Validated.timeToLive($0, "--ttl") }
    let claim = try invocation.runtime.accept(reference, restatement: restatement, ttlSeconds: ttlSeconds)
    invocation.output.result(json: .claim(claim), text: invocation.reader.claim(claim))
  }
}

struct HandoffDecline: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "decline", abstract: "Send an offered task back to the giver's queue.")
  static var path: String { "handoff decline" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(name: .customShort("m"), help: ArgumentHelp("Why: text, @FILE or - for standard input.", valueName: "why"))
  var message: String

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    guard let why = try invocation.input.words(message, "-m") else { throw OrchError.invalid("say why with -m") }
    let offered = try invocation.runtime.decline(reference, why: why)
    invocation.output.result(json: .handoff(offered.handoff), text: invocation.confirmation(offered))
  }
}

struct HandoffList: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the offers that nobody has answered yet.", aliases: ["ls"])
  static var path: String { "handoff list" }

  @OptionGroup var global: GlobalOptions

  @Option(help: ArgumentHelp("Only offers to this agent.", valueName: "agent"))
  var to: String?

  @Option(help: ArgumentHelp("Only offers by this agent.", valueName: "agent"))
  var from: String?

  @Flag(help: "Every offer there ever was, in the order of the log.")
  var all = false

  func run(_ invocation: Invocation) throws {
    let (to, from) = (
      try to.map { try Validated.identifier($0, "--to") }, try from.map { try Validated.identifier($0, "--from") }
    )
    for handoff in try invocation.runtime.handoffs(to: to, from: from, all: all) {
      invocation.output.result(json: .handoff(handoff), text: invocation.reader.handoff(handoff, now: .systemNow))
    }
  }
}

extension Invocation {
  /// What an offer, or its answer, did, unless the user wants no confirmations.
  func confirmation(_ offered: Offered) -> String { output.isQuiet ? "" : reader.offered(offered) }
}
