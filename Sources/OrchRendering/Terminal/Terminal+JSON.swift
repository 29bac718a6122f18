extension Terminal {
  /// JSON on its way to a terminal: the same document, with what a text would show escaped written as `\uXXXX`.
  ///
  /// Such characters can stand in its strings alone, so nothing but their spelling changes.
  package static func escapedJSON(_ json: String) -> String {
    guard escaped(json) != json else { return json }
    var shown = ""
    shown.reserveCapacity(json.utf8.count + 16)
    for scalar in json.unicodeScalars {
      if escaped(String(scalar)) == String(scalar) {
        shown.unicodeScalars.append(scalar)
      } else {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return shown
  }
}
