import CPlatform

/// A library that is loaded when something first needs it, so that a start without it costs nothing.
package enum DynamicLibrary {
  /// Loads the first of several files that is there.
  ///
  /// - Returns: the name that was loaded and its handle, for `dlsym`; nil where there is none.
  package static func open(_ names: [String]) -> (name: String, handle: UnsafeMutableRawPointer)? {
    for name in names {
      if let handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL) { return (name, handle) }
    }
    return nil
  }
}
