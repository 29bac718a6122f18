package import OrchCore
import OrchStore

/// What to change of a task.
package struct EditRequest: Sendable {
  package var edit = TaskEdit()
  package var addAfter: [String] = []
  package var dropAfter: [String] = []
  package var addReviewers: [String] = []
  package var dropReviewers: [String] = []
  package var addChecks: [String] = []
  package var dropChecks: [String] = []

  package init() {}
}

extension App {
  package func edit(_ reference: String, _ request: EditRequest) throws(OrchError) -> Transition {
    try write(subject(reference)) { subject, writer in
      let task = subject.task
      var edit = request.edit
      if !request.addAfter.isEmpty || !request.dropAfter.isEmpty {
        let dropped = try request.dropAfter.map { try self.task($0, before: task.logID, in: writer).id }
        let added = try request.addAfter.map { try self.task($0, before: task.logID, in: writer).id }
        edit.after = Self.changed(task.after, adding: added, dropping: dropped)
        try refuseCycle(task, through: added, in: writer)
      }
      if !request.addReviewers.isEmpty || !request.dropReviewers.isEmpty {
        edit.reviewers = Self.changed(task.reviewers, adding: request.addReviewers, dropping: request.dropReviewers)
      }
      if !request.addChecks.isEmpty || !request.dropChecks.isEmpty {
        edit.requiredChecks = Self.changed(
          task.requiredChecks, adding: request.addChecks, dropping: request.dropChecks)
      }
      guard edit != TaskEdit() else { throw OrchError.usage(.errorNothingChange, hint: .run("edit", "--help")) }
      var transition = try execute(.edit(edit), on: subject, in: writer)
      transition.task = try writer.task(task.id, logID: task.logID).map { try writer.named($0) } ?? transition.task
      return transition
    }
  }

  private static func changed(_ list: [String], adding: [String], dropping: [String]) -> [String] {
    let kept = list.filter { !dropping.contains($0) }
    return adding.reduce(into: kept) { list, one in if !list.contains(one) { list.append(one) } }
  }

  /// Refuses dependencies from which `task` can be reached.
  private func refuseCycle(_ task: Task, through after: [String], in reader: any StoreReader) throws {
    var paths = after.map { [task.id, $0] }
    var seen: Set<String> = []
    while let path = paths.popLast(), let last = path.last {
      if last == task.id { throw OrchError.cycle(path) }
      guard seen.insert(last).inserted, let next = try reader.task(last, logID: task.logID)?.after else { continue }
      paths += next.map { path + [$0] }
    }
  }
}
