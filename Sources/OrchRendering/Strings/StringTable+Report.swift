import OrchCore
import Templates

extension StringTable {
  /// What the keys of the reports' texts begin with; the user's own file and the templates leave it out.
  private static let reportPrefix = "report."

  /// This table with the user's own texts of reports: lines of `report.CODE.txt` stand for those that are built in.
  ///
  /// - Throws: `TemplateError` where a line of theirs cannot be read, has a key that is not known or fills another place
  ///   than the line it stands for; `UnreadableTemplate`.
  func withOwnReportTexts(in directory: String?) throws -> StringTable {
    let name = "report.\(language.code).txt"
    guard let directory, let own = try Templates.own(name, in: directory) else { return self }
    let file = "\(directory)/\(name)"
    let lines = try StringTableLine.all(own, file: file)
    try check(lines, prefix: Self.reportPrefix, file: file)
    let added = lines.map { "\(Self.reportPrefix)\($0.key) = \($0.text)\n" }
    // Of lines with one key the user's last one counts.
    return StringTable(language, bytes: added.reversed().joined().utf8 + contents)
  }

  /// Checks the lines of a user's file against this table: their keys are keys of it, and their places those of its text.
  ///
  /// - Parameter prefix: what this table has before the keys of the file.
  func check(_ lines: [StringTableLine], prefix: String = "", file: String) throws(TemplateError) {
    var known: [String: Set<String>] = [:]
    for line in self.lines() where known[line.key] == nil { known[line.key] = line.places }
    for line in lines {
      guard let places = known[prefix + line.key] else {
        throw TemplateError(file: file, line: line.number, .tableUnknownKey(key: Terminal.escaped(line.key)))
      }
      if let other = line.places.subtracting(places).min() {
        throw TemplateError(file: file, line: line.number, .tableUnknownPlace(place: "{\(Terminal.escaped(other))}"))
      }
    }
  }

  /// For templates: every text of reports without places, a dash for each dot of its key.
  var templateWords: TemplateValue {
    var words: [String: TemplateValue] = [:]
    for line in lines() where line.key.hasPrefix(Self.reportPrefix) && line.places.isEmpty {
      let name = line.key.dropFirst(Self.reportPrefix.count).map { $0 == "." ? "-" : $0 }
      if words[String(name)] == nil { words[String(name)] = .text(text(line.key)) }
    }
    return .object(words)
  }
}
