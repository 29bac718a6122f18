import CPlatform

extension UnsafeBufferPointer<UInt8> {
  /// Where a byte first stands between two positions.
  package func position(of byte: UInt8, from start: Int, before end: Int) -> Int? {
    guard start < end, let base = baseAddress, let found = memchr(base + start, Int32(byte), end - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Whether a text stands at a position; the buffer has to reach so far.
  package func holds(_ text: StaticString, at start: Int) -> Bool {
    guard let base = baseAddress else { return text.utf8CodeUnitCount == 0 }
    return memcmp(base + start, text.utf8Start, text.utf8CodeUnitCount) == 0
  }
}

extension UnsafeRawBufferPointer {
  /// Whether it begins with the bytes of a text, its final NUL included.
  package func beginsWithCString(_ text: StaticString) -> Bool {
    guard count > text.utf8CodeUnitCount, let base = baseAddress else { return false }
    return memcmp(base, text.utf8Start, text.utf8CodeUnitCount + 1) == 0
  }
}

extension UnsafePointer<CChar> {
  /// The number of bytes before the NUL.
  package var length: Int { strlen(self) }
}

/// Text in encodings other than UTF-8.
package enum TextConversion {
  /// - Parameter encoding: as `iconv` calls it.
  /// - Returns: nil for an encoding that is not known, and for bytes that it does not have.
  package static func utf8(_ bytes: [UInt8], from encoding: String) -> String? {
    guard let converter = iconv_open("UTF-8", encoding), converter != iconv_t(bitPattern: -1) else { return nil }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: bytes.count * 4 + 4)
    let written: Int? = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        var from = source.baseAddress
        var left = source.count
        var to = target.baseAddress
        var room = target.count
        guard iconv(converter, &from, &left, &to, &room) != -1, left == 0 else { return nil }
        return target.count - room
      }
    }
    guard let written else { return nil }
    return String(validating: output.prefix(written).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A lock around a few words of memory.
package final class Lock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  package init() { pthread_mutex_init(mutex, nil) }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  package func withLock<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}

package enum CStrings {
  /// Runs `body` with a null-terminated array of C strings.
  package static func withPointers<Result>(
    to strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers: [UnsafePointer<CChar>?] = copies.map { UnsafePointer($0) } + [nil]
    return pointers.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an array with an end has an address") }
      return body(base)
    }
  }
}
