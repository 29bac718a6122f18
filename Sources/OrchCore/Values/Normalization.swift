@_spi(_Unicode) import Swift

extension String {
  /// This text in Unicode's normalisation form C, in which texts that Swift calls equal are the
  /// same bytes, too.
  package var nfc: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    var normalized = ""
    normalized.reserveCapacity(utf8.count)
    for scalar in _nfc { normalized.unicodeScalars.append(scalar) }
    return normalized
  }
}
