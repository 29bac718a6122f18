package import OrchCore

/// What went wrong, for a person or a script: the one error that leaves a use case.
package struct OrchError: Error, Sendable {
  package var code: ErrorCode
  /// What happened, in one sentence without a full stop.
  package var message: Message
  /// The next command, or what to change.
  package var hint: NextAction?
  /// More members of the JSON error object.
  package var details: [JSONMember]

  package init(_ code: ErrorCode, _ message: Message, hint: NextAction? = nil, details: [JSONMember] = []) {
    self.code = code
    self.message = message
    self.hint = hint
    self.details = details
  }

  package static func usage(_ message: Message, hint: NextAction? = nil) -> OrchError {
    .init(.usage, message, hint: hint)
  }
  package static func refused(_ message: Message, hint: NextAction? = nil) -> OrchError {
    .init(.refused, message, hint: hint)
  }
  package static func notFound(_ message: Message, hint: NextAction? = nil) -> OrchError {
    .init(.notFound, message, hint: hint)
  }
  package static func invalid(_ message: Message, hint: NextAction? = nil) -> OrchError {
    .init(.invalidInput, message, hint: hint)
  }
}

/// The error codes of the command-line contract.
package enum ErrorCode: String, CaseIterable, Sendable {
  case refused
  case alreadyHolding = "already-holding"
  case staleSubmission = "stale-submission"
  case nothingClaimable = "nothing-claimable"
  case nothingHeld = "nothing-held"
  case findings
  case usage
  case invalidInput = "invalid-input"
  case notFound = "not-found"
  case ambiguous
  case storeUnavailable = "store-unavailable"
  case `internal`
  case storeCorrupt = "store-corrupt"
  case io
  case leaseHeld = "lease-held"
  case leaseLost = "lease-lost"
  case taskCancelled = "task-cancelled"
  case permission
  case configuration
  case outcomeUnknown = "outcome-unknown"

  /// The exit status; the meanings from 64 on are those of `sysexits.h`.
  package var exitStatus: Int32 {
    switch self {
    case .refused, .alreadyHolding, .staleSubmission: 1
    case .nothingClaimable, .nothingHeld: 2
    case .findings: 3
    case .usage: 64
    case .invalidInput: 65
    case .notFound, .ambiguous: 66
    case .storeUnavailable: 69
    case .internal, .storeCorrupt: 70
    case .io: 74
    case .leaseHeld: 75
    case .leaseLost, .taskCancelled: 76
    case .permission: 77
    case .configuration: 78
    case .outcomeUnknown: 79
    }
  }
}
