import Logging
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import OrchSystem
import SystemPackage

/// One run of one command: its options, the runtime that it is run with, and where its results go.
struct Invocation {
  let options: GlobalValues
  let runtime: Runtime
  let output: Output

  /// - Parameters:
  ///   - readsGitConfiguration: what an agent calls all day does without.
  ///   - isHook: whether git calls it: only then `GIT_DIR` counts.
  init(
    _ options: GlobalValues, _ output: Output, readsGitConfiguration: Bool, isHook: Bool = false
  ) throws {
    self.options = options
    self.output = output
    output.isJSON = options.isOn(.json)
    output.isQuiet = options.isOn(.quiet)
    let workspace = try Workspace(in: options[.directory])
    var requested = RequestedSettings()
    requested.database = options[.database]
    requested.agent = options[.agent]
    requested.source = options[.source]
    requested.project = options[.project]
    requested.instance = options[.instance]
    requested.timeout = options[.timeout]
    let gitDirectory = isHook ? workspace.environment["GIT_DIR"].map(workspace.absolute) : nil
    runtime = Runtime(
      workspace, requested, names: .options, gitDirectory: gitDirectory,
      readsGitConfiguration: readsGitConfiguration,
      messages: Runtime.Messages(
        warn: output.warn, note: output.remark,
        moved: { [output] relocation in output.atEnd { output.warn(of: relocation()) } }),
      logger: options.isOn(.verbose) && !options.isOn(.quiet) ? DiagnosticsHandler.logger : nil)
    do {
      output.reader = try TextRenderer(
        strings: StringTable(language(), overridesIn: runtime.templateOverrides), isColoured: isColoured())
    } catch {
      // A hook judges in any language: what keeps it from speaking does not let a commit through.
      guard !isHook else {
        output.reader = TextRenderer(strings: StringTable(), isColoured: false)
        return
      }
      throw OrchError(template: error) ?? error
    }
  }

  var reader: TextRenderer { output.reader }
  var input: InputReader { runtime.input }
  private var environment: Environment { runtime.workspace.environment }

  private func language() throws -> Language {
    try runtime.settings.value(of: .language, given: options[.lang]) { try language($0, $1) }
      ?? Language.preferred(overridesIn: runtime.templateOverrides) { environment[$0] }
  }

  private func language(_ name: String, _ option: String) throws -> Language {
    guard let language = Language(name, overridesIn: runtime.templateOverrides) else {
      throw Validated.noChoice(name, option, among: Language.builtIn.map(\.code))
    }
    return language
  }

  private enum Colour: String, CaseIterable {
    case auto, always, never
  }

  private func isColoured() throws -> Bool {
    switch try options[.color].map({ try Validated.choice($0, "--color") as Colour }) ?? .auto {
    case .always: true
    case .never: false
    case .auto:
      FileDescriptor.standardOutput.isTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }
  }

  /// Pages long texts, unless told not to.
  func page() {
    if !options.isOn(.noPager) { output.page(environment) }
  }
}
