import OrchCore
import OrchRuntime
import ArgumentParser
import OrchApp

/// `[TASK]`, which may always be given as `--task TASK` too.
struct TaskArgument: ParsableArguments {
  @Argument(help: .key("task.task"))
  var task: String?

  @Option(name: .customLong("task"), help: .key("task.option", "task"))
  var option: String?

  /// The task that is named, or nil.
  func reference() throws -> String? { try Self.reference(task, option) }

  static func reference(_ task: String?, _ option: String?) throws -> String? {
    if let task, let option, task != option {
      throw OrchError.usage(.errorTwoTasks(task: task, option: option))
    }
    return try (task ?? option).map { try Validated.identifier($0, "task") }
  }

  /// The task, where one must be named.
  func required() throws -> String {
    guard let reference = try reference() else { throw OrchError.usage(.errorWhichTask, hint: .run("list")) }
    return reference
  }
}
