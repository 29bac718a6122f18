extension JSON {
  /// Reads one JSON document, strictly as RFC 8259 has it. Beyond its grammar these are refused:
  /// invalid UTF-8, a byte order mark, the same key twice in an object (compared by bytes once
  /// escapes are read), an escape of half a surrogate pair, `\u0000`.
  ///
  /// - Parameter maxDepth: how many arrays and objects may contain one another: `[]` needs 1.
  ///   Never more than ``deepest``.
  package static func parse(
    _ bytes: some Collection<UInt8>, maxDepth: Int = 128
  ) throws(JSONError) -> JSON {
    let outcome = bytes.withContiguousStorageIfAvailable { parsed($0, maxDepth: maxDepth) }
    guard let outcome else {
      return try Array(bytes).withUnsafeBufferPointer { parsed($0, maxDepth: maxDepth) }.get()
    }
    return try outcome.get()
  }

  /// Reads one JSON document as ``parse(_:maxDepth:)`` for bytes does.
  package static func parse(_ text: String, maxDepth: Int = 128) throws(JSONError) -> JSON {
    try text.withUTF8Bytes { parsed($0, maxDepth: maxDepth) }.get()
  }

  /// What reading came to. `Result` would say it too, at the price of making its type at run time in each process.
  private enum Outcome {
    case document(JSON)
    case failure(JSONError)

    func get() throws(JSONError) -> JSON {
      switch self {
      case .document(let json): return json
      case .failure(let error): throw error
      }
    }
  }

  private static func parsed(_ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) -> Outcome {
    var parser = JSONParser(bytes: bytes, maxDepth: min(maxDepth, deepest))
    do { return .document(try parser.document()) } catch { return .failure(error) }
  }

  /// The same document without the white space between its tokens; strings and numbers keep
  /// every byte.
  ///
  /// - Parameters:
  ///   - text: at most `maxBytes` bytes of UTF-8, white space included.
  ///   - maxDepth: as for ``parse(_:maxDepth:)``, which says what is refused, too.
  package static func minified(
    _ text: String, maxBytes: Int = 1 << 20, maxDepth: Int = 128
  ) throws(JSONError) -> String {
    guard text.utf8.count <= maxBytes else {
      throw JSONError(.tooLong(limit: maxBytes), offset: max(maxBytes, 0))
    }
    _ = try parse(text, maxDepth: maxDepth)
    return text.withUTF8Bytes { bytes in
      String(unsafeUninitializedCapacity: bytes.count) { compact in
        // The document is valid: a quotation mark that no backslash escapes begins or ends a
        // string.
        var count = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
          if isInString {
            if isEscaped {
              isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
              isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
              isInString = false
            }
          } else if JSONBytes.isSpace(byte) {
            continue
          } else if byte == UInt8(ascii: "\"") {
            isInString = true
          }
          compact[count] = byte
          count += 1
        }
        return count
      }
    }
  }
}
