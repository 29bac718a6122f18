import CSQLite
import OrchSystem

#if canImport(Darwin)
  import Darwin
#endif

/// The file system that a database lies on.
struct FileSystem: Sendable {
  /// Whether nobody can write on it.
  let isReadOnly: Bool
  /// Why write-ahead logging would silently lose or damage data here, as the end of a sentence; nil where it does not.
  ///
  /// Write-ahead logging needs memory that all processes share and locks that all of them see. File systems of other
  /// machines, and those that a program or a virtual machine's host serves, do not promise that.
  let hazard: String?

  /// Asks with one system call. nil when the path cannot be asked about.
  init?(of path: String) {
    #if canImport(Darwin)
      var status = statfs()
      guard statfs(path, &status) == 0 else { return nil }
      isReadOnly = status.f_flags & UInt32(MNT_RDONLY) != 0
      let name = Self.typeName(of: status)
      if status.f_flags & UInt32(MNT_LOCAL) == 0 {
        hazard = "\(name), which is not local"
      } else {
        hazard = Self.isHazardous(name) ? name : nil
      }
    #else
      // The mount's flags, which include a read-only bind mount of a writable file system.
      var type: UInt32 = 0
      var flags: UInt = 0
      guard orch_statfs(path, &type, &flags) == 0 else { return nil }
      isReadOnly = flags & Self.readOnlyFlag != 0
      hazard = Self.hazard(type)
    #endif
  }

  /// Whether a file system of this name, as the mount table gives it, is one that damages write-ahead logs.
  static func isHazardous(_ name: String) -> Bool {
    switch name {
    case "nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "9p", "virtiofs", "fuse", "fuseblk", "macfuse",
      "osxfuse", "afs", "ceph", "lustre", "coda", "ncpfs", "vboxsf":
      true
    default: name.hasPrefix("fuse.") || name.hasPrefix("macfuse_") || name.hasPrefix("osxfuse_")
    }
  }
}

#if canImport(Darwin)
  extension FileSystem {
    /// The type of the file system at a path, for people to read.
    static func typeName(of path: String) -> String? {
      var status = statfs()
      return statfs(path, &status) == 0 ? typeName(of: status) : nil
    }

    private static func typeName(of status: statfs) -> String {
      withUnsafeBytes(of: status.f_fstypename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
  }
#else
  extension FileSystem {
    /// By `f_type` of `statfs(2)`. virtiofs and every FUSE file system have the same one.
    private static func hazard(_ magic: UInt32) -> String? {
      switch magic {
      case 0x0000_6969: "NFS"
      case 0xFF53_4D42: "SMB (cifs)"
      case 0xFE53_4D42: "SMB (smb3)"
      case 0x0000_517B: "SMB (smbfs)"
      case 0x0102_1997: "9p"
      case 0x6573_5546: "FUSE or virtiofs"
      case 0x5346_414F: "AFS"
      case 0x00C3_6400: "Ceph"
      case 0x0BD0_0BD0: "Lustre"
      case 0x7375_7245: "Coda"
      case 0x0000_564C: "NCP"
      case 0x786F_4256: "VirtualBox shared folders"
      default: nil
      }
    }

    /// The type of the file system at a path, for people to read: the mount table's word for it.
    ///
    /// Reads the whole mount table, so it is nothing for every start.
    static func typeName(of path: String) -> String? {
      guard let real = try? FileIO.realPath(path), let table = try? FileIO.read("/proc/self/mountinfo") else {
        return nil
      }
      var best: (length: Int, name: String)?
      for line in table.split(separator: UInt8(ascii: "\n")) {
        // ID PARENT MAJOR:MINOR ROOT MOUNT-POINT OPTIONS [TAGS…] - TYPE SOURCE OPTIONS
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count > 6, let dash = fields[5...].firstIndex(where: { $0.elementsEqual("-".utf8) }),
          dash + 1 < fields.count
        else { continue }
        let point = unescape(fields[4])
        guard isInside(real, point), point.utf8.count >= best?.length ?? 0 else { continue }
        best = (point.utf8.count, String(decoding: fields[dash + 1], as: UTF8.self))
      }
      return best?.name
    }

    private static func isInside(_ path: String, _ point: String) -> Bool {
      point == "/" || path == point || path.hasPrefix(point + "/")
    }

    /// The mount table writes blanks and such as three octal digits.
    private static func unescape(_ field: ArraySlice<UInt8>) -> String {
      var bytes: [UInt8] = []
      var rest = field
      while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "\\"), rest.count >= 3 {
          let value = rest.prefix(3).reduce(0) { $0 << 3 | Int($1 & 7) }
          bytes.append(UInt8(truncatingIfNeeded: value))
          rest = rest.dropFirst(3)
        } else {
          bytes.append(byte)
        }
      }
      return String(decoding: bytes, as: UTF8.self)
    }

    /// `ST_RDONLY` of `statfs(2)`.
    private static let readOnlyFlag: UInt = 1
  }
#endif
