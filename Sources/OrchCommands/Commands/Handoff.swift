import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Handoff: OrchGroup {
  static let configuration = CommandConfiguration(
    commandName: "handoff", abstract: "help.handoff",
    subcommands: members)
  static let members: [any OrchCommand.Type] = [
    HandoffOffer.self, HandoffAccept.self, HandoffDecline.self, HandoffList.self
  ]

  @OptionGroup var global: GlobalOptions
}

struct HandoffOffer: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "offer", abstract: "help.handoff.offer")
  static var path: String { "handoff offer" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var holder: HolderOptions

  @Option(help: .key("handoff.offer.to", "agent"))
  var to: String

  @Option(name: .customShort("m"), help: .key("handoff.offer.message", "why"))
  var message: String

  @Option(help: .key("handoff.offer.next", "text"))
  var next: String?

  @Option(help: .key("handoff.offer.expires", "duration"))
  var expires: String?

  @Option(
    help: .key("handoff.offer.report", "file"))
  var report: String?

  @Flag(name: .customLong("allow-dirty"), help: .key("handoff.offer.allow-dirty"))
  var allowDirty = false

  func run(_ invocation: Invocation) throws {
    guard let why = try invocation.input.words(message, "-m") else { throw OrchError.invalid(.errorWhyMissing) }
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
    commandName: "accept", abstract: "help.handoff.accept")
  static var path: String { "handoff accept" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(help: .key("handoff.accept.restate", "text"))
  var restate: String?

  @Option(help: .key("handoff.accept.ttl", "duration"))
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
    commandName: "decline", abstract: "help.handoff.decline")
  static var path: String { "handoff decline" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(name: .customShort("m"), help: .key("handoff.decline.message", "why"))
  var message: String

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    guard let why = try invocation.input.words(message, "-m") else { throw OrchError.invalid(.errorWhyMissing) }
    let offered = try invocation.runtime.decline(reference, why: why)
    invocation.output.result(json: .handoff(offered.handoff), text: invocation.confirmation(offered))
  }
}

struct HandoffList: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "help.handoff.list", aliases: ["ls"])
  static var path: String { "handoff list" }

  @OptionGroup var global: GlobalOptions

  @Option(help: .key("handoff.list.to", "agent"))
  var to: String?

  @Option(help: .key("handoff.list.from", "agent"))
  var from: String?

  @Flag(help: .key("handoff.list.all"))
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
