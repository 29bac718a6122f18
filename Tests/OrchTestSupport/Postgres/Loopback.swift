#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Sockets on 127.0.0.1.
enum Loopback {
  /// A listening socket.
  ///
  /// - Parameter port: 0 for one that is free.
  static func listen(on port: Int) throws -> Int32 {
    let descriptor = try make()
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard call(descriptor, port, bind) == 0, sys_listen(descriptor, 512) == 0 else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw ServerFailure("cannot listen on port \(port): \(reason)")
    }
    return descriptor
  }

  /// A connected socket; nil when nobody listens.
  static func connect(to port: Int) -> Int32? {
    guard let descriptor = try? make() else { return nil }
    guard call(descriptor, port, sys_connect) == 0 else {
      close(descriptor)
      return nil
    }
    prepare(descriptor)
    return descriptor
  }

  /// What a connected socket needs before it is forwarded: small packets at once, no waiting, no signal.
  static func prepare(_ descriptor: Int32) {
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    #if canImport(Darwin)
      setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
    #endif
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL, 0) | O_NONBLOCK)
  }

  /// The port of a socket.
  static func port(of descriptor: Int32) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func make() throws -> Int32 {
    #if canImport(Darwin)
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
      if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    #else
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    #endif
    guard descriptor >= 0 else { throw ServerFailure("no socket: \(String(cString: strerror(errno)))") }
    return descriptor
  }

  private static func call(
    _ descriptor: Int32, _ port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

// The names without their members of Loopback in the way.
private func sys_listen(_ descriptor: Int32, _ backlog: Int32) -> Int32 { listen(descriptor, backlog) }
private func sys_connect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t) -> Int32 {
  connect(descriptor, address, size)
}

/// A port that takes connections, and on which nobody ever says anything.
package final class SilentPort: Sendable {
  package let port: Int
  private let descriptor: Int32

  package init() throws {
    port = ServerPrograms.freePort()
    descriptor = try Loopback.listen(on: port)
  }

  deinit { close(descriptor) }
}
