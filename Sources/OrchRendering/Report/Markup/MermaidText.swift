/// Labels of a Mermaid diagram, whose grammar knows no escaping.
enum MermaidText {
  /// The text with everything replaced by a blank but letters, digits, `-`, `_` and `.`: nothing else can end a label,
  /// begin a directive or an entity, or close the fence around the diagram.
  ///
  /// - Parameter most: at most so many scalars.
  static func label(_ text: String, limit: Int = 60) -> String {
    var label = ""
    var count = 0
    var isBlank = true
    for scalar in text.unicodeScalars {
      let isKept = isLetter(scalar)
      guard isKept || !isBlank else { continue }
      count += 1
      guard count <= limit else {
        label += "…"
        break
      }
      isBlank = !isKept
      label.unicodeScalars.append(isKept ? scalar : " ")
    }
    while label.last == " " { label.removeLast() }
    return label.isEmpty ? "-" : label
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "-", "_", ".", "a"..."z", "A"..."Z", "0"..."9": return true
    default: break
    }
    guard scalar.value > 0x7F else { return false }
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter, .nonspacingMark,
      .spacingMark, .decimalNumber:
      return true
    default: return false
    }
  }
}
