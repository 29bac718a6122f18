import Foundation
import PackagePlugin

/// Turns the files of `Templates/` into Swift: the target `Templates` gets their bytes, every other target that uses
/// this plugin gets a function for each text of its section in `text.en.txt`.
///
/// The files are string literals in what is generated: an array of bytes, as SwiftPM embeds resources, takes the
/// compiler seconds for each file.
@main struct Texts: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let templates = context.package.directoryURL.appending(path: "Templates")
    let scripts = context.package.directoryURL.appending(path: "Plugins/Texts")
    if target.name == "Templates" {
      let names = try FileManager.default.contentsOfDirectory(atPath: templates.path).filter { !$0.hasPrefix(".") }
      return [
        command(
          "Embed Templates", scripts.appending(path: "embed.sh"),
          names.sorted().map { templates.appending(path: $0) },
          into: context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift"))
      ]
    }
    return [
      command(
        "Generate messages of \(target.name)", scripts.appending(path: "messages.sh"),
        [templates.appending(path: "text.en.txt")],
        into: context.pluginWorkDirectoryURL.appending(path: "Messages.swift"), target.name)
    ]
  }

  /// Runs `script OUTPUT [ARGUMENT …] INPUT …`.
  private func command(
    _ name: String, _ script: URL, _ inputs: [URL], into output: URL, _ arguments: String...
  ) -> Command {
    .buildCommand(
      displayName: name, executable: URL(filePath: "/bin/sh"),
      arguments: [script.path, output.path] + arguments + inputs.map(\.path), inputFiles: [script] + inputs,
      outputFiles: [output])
  }
}
