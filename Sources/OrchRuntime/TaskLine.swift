import OrchApp
import OrchCore

/// A line of `add --from`: a JSON object whose keys are the long options in camelCase.
struct TaskLine {
  private let number: Int
  private let members: [JSONMember]

  init(_ bytes: [UInt8], number: Int) throws {
    self.number = number
    do {
      guard case .object(let members) = try JSON.parse(bytes) else {
        throw OrchError.invalid(.errorLineNoObject(number: number))
      }
      self.members = members
    } catch let error as JSONError {
      throw OrchError.invalid(.errorLineNoJson(number: number, problem: error.message))
    }
  }

  /// - Parameters:
  ///   - project: of lines that name none.
  ///   - requireReview: of lines that do not say.
  func request(project: String?, requireReview: Bool, _ names: FieldNames) throws -> AddRequest {
    do {
      return try checked(project: project, requireReview: requireReview, names)
    } catch let error as OrchError {
      throw OrchError.invalid(.errorInLine(number: number, problem: error.message), hint: error.hint)
    }
  }

  private func checked(project: String?, requireReview: Bool, _ names: FieldNames) throws -> AddRequest {
    var fields = TaskFields()
    var new = NewTask(id: "", title: "")
    var request = AddRequest(task: new)
    var projectName = project
    var payload: String?
    for member in members {
      switch member.key {
      case "title": new.title = try Validated.title(try string(member))
      case "id": new.id = try Validated.identifier(try string(member), "id")
      case "session": request.session = try Validated.identifier(try string(member), "session")
      case "key": new.key = try Validated.identifier(try string(member), "key")
      case "project": projectName = try Validated.identifier(try string(member), "project")
      case "body": new.body = try Validated.text(try string(member), "body")
      case "payload": payload = try JSON.minified(member.value.text())
      case "kind": fields.kind = try string(member)
      case "priority": fields.priority = try scalar(member)
      case "assign": fields.assign = try string(member)
      case "after": fields.after = try strings(member)
      case "maxAttempts": fields.maxAttempts = try scalar(member)
      case "notBefore": fields.notBefore = try string(member)
      case "ttl": fields.ttl = try scalar(member)
      case "reviewer": fields.reviewer = try strings(member)
      case "requireReview": fields.requireReview = try flag(member)
      case "requireCheck": fields.requireCheck = try strings(member)
      default: throw OrchError.invalid(.errorNoTaskKey(member: member.key))
      }
    }
    guard !new.title.isEmpty else { throw OrchError.invalid(.errorTitleMissing) }
    new.project = projectName
    new.payload = payload
    try fields.applyWords(to: &new, requireReview: requireReview, names)
    request.task = new
    return request
  }

  private func string(_ member: JSONMember) throws -> String {
    guard let text = member.value.stringValue else { throw OrchError.invalid(.errorNotString(member: member.key)) }
    return text
  }

  /// A string, or a number as it is written.
  private func scalar(_ member: JSONMember) throws -> String {
    if let text = member.value.stringValue { return text }
    guard let number = member.value.intValue else { throw OrchError.invalid(.errorNotNumber(member: member.key)) }
    return String(number)
  }

  /// An array of strings, or one string.
  private func strings(_ member: JSONMember) throws -> [String] {
    if let text = member.value.stringValue { return [text] }
    guard let items = member.value.arrayValue else { throw OrchError.invalid(.errorNotArray(member: member.key)) }
    return try items.map { item in
      guard let text = item.stringValue else { throw OrchError.invalid(.errorNotStrings(member: member.key)) }
      return text
    }
  }

  private func flag(_ member: JSONMember) throws -> Bool {
    guard let flag = member.value.boolValue else { throw OrchError.invalid(.errorNotBoolean(member: member.key)) }
    return flag
  }
}
