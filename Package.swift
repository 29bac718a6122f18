// swift-tools-version: 6.1
import PackageDescription

// Where headers lie in the compiler's own path, asking pkg-config would only add the library to the linker's.
#if os(macOS)
  let libgit2: String? = "libgit2"
  let libpq: String? = "libpq"
#else
  let libgit2: String? = nil
  let libpq: String? = nil
#endif

let settings: [SwiftSetting] = [
  // An import is visible outside its file only where it says so.
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility")
]

// The targets follow the layering: arrows point downwards only (see docs/architecture.md).
let package = Package(
  name: "orch",
  platforms: [.macOS(.v14)],
  products: [
    .executable(name: "orch", targets: ["orch"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.6.0")
  ],
  targets: [
    .executableTarget(name: "orch", dependencies: ["OrchCommands"]),
    .target(
      name: "OrchCommands",
      dependencies: [
        "OrchApp", "OrchRendering", "OrchRuntime", "OrchGit", "OrchSystem", "Templates",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log")
      ],
      plugins: ["Texts"]),
    .target(name: "OrchRendering", dependencies: ["OrchApp", "OrchSystem", "Templates"], plugins: ["Texts"]),
    .target(
      name: "OrchRuntime",
      dependencies: [
        "OrchApp", "OrchSQLite", "OrchPostgres", "OrchSystem", "Templates",
        .product(name: "Logging", package: "swift-log"), .product(name: "SystemPackage", package: "swift-system")
      ]),
    .target(name: "OrchApp", dependencies: ["OrchStore", "OrchGit", "OrchSystem", "Templates"], plugins: ["Texts"]),
    .target(name: "OrchGit", dependencies: ["OrchCore", "OrchSystem", "CLibgit2"], plugins: ["Texts"]),
    .target(name: "OrchSQLite", dependencies: ["OrchStore", "OrchSystem", "CSQLite"], plugins: ["Texts"]),
    .target(name: "OrchPostgres", dependencies: ["OrchStore", "OrchSystem", "CLibPQ"], plugins: ["Texts"]),
    .target(
      name: "OrchStore",
      dependencies: ["OrchCore", "OrchSystem", "CSHA256", .product(name: "Logging", package: "swift-log")],
      // Linked from the archive: a start loads no library for it.
      linkerSettings: [.linkedLibrary(":libcrypto.a", .when(platforms: [.linux]))],
      plugins: ["Texts"]),
    .target(name: "OrchCore", plugins: ["Texts"]),
    .target(
      name: "OrchSystem", dependencies: ["CPlatform", .product(name: "SystemPackage", package: "swift-system")]),
    .systemLibrary(name: "CPlatform"),
    // The files in Templates/, and a function for each text of the string tables there.
    .target(name: "Templates", dependencies: ["OrchSystem"], plugins: ["Texts"]),
    .plugin(name: "Texts", capability: .buildTool(), exclude: ["embed.sh", "messages.sh"]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .systemLibrary(name: "CSHA256", providers: [.apt(["libssl-dev"])]),
    // Only its headers: the library is loaded by the commands that need it, and where it lies is asked then.
    .systemLibrary(
      name: "CLibgit2", pkgConfig: libgit2, providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
    .systemLibrary(name: "CLibPQ", pkgConfig: libpq, providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),

    // Measures the use cases, for Scripts/bench. Only `swift build --product orch-bench` and the tests' build make it.
    .executableTarget(
      name: "orch-bench", dependencies: ["OrchApp", "OrchRuntime"], path: "Benchmarks",
      exclude: ["postgres", "floor.c", "heartbeat.c", "history.py", "pair.c", "walk.c"]),

    .target(
      name: "OrchTestSupport",
      dependencies: ["OrchApp", "OrchGit", "OrchRendering", "OrchSQLite", "OrchPostgres", "CSQLite"],
      path: "Tests/OrchTestSupport"),
    .testTarget(name: "OrchAppTests", dependencies: ["OrchApp", "OrchTestSupport"]),
    // What is fuzzed, and the program that Scripts/fuzz builds of it. It looks into modules as tests do, so only debug
    // builds have it.
    .target(
      name: "OrchFuzz", dependencies: ["OrchApp", "OrchGit", "OrchRendering", "OrchStore", "OrchCore"],
      path: "Tests/Fuzz/Targets"),
    .executableTarget(name: "orch-fuzz", dependencies: ["OrchFuzz"], path: "Tests/Fuzz/Program"),
    .testTarget(name: "OrchFuzzTests", dependencies: ["OrchFuzz", "OrchTestSupport"]),
    .testTarget(name: "OrchCoreTests", dependencies: ["OrchCore", "OrchStore", "OrchTestSupport"]),
    .testTarget(
      name: "OrchStoreTests",
      dependencies: [
        "OrchApp", "OrchStore", "OrchSQLite", "OrchPostgres", "OrchSystem", "OrchTestSupport", "CSQLite",
        .product(name: "SystemPackage", package: "swift-system")
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "OrchGitTests", dependencies: ["OrchGit", "OrchSystem", "OrchTestSupport", "Templates"]),
    .testTarget(
      name: "OrchRuntimeTests",
      dependencies: [
        "OrchRuntime", "OrchRendering", "OrchApp", "OrchStore", "OrchSystem", "OrchTestSupport",
        .product(name: "SystemPackage", package: "swift-system")
      ]),
    .testTarget(name: "OrchRenderingTests", dependencies: ["OrchRendering", "OrchTestSupport", "Templates"]),
    .testTarget(
      name: "OrchCommandTests",
      dependencies: ["OrchCommands", "OrchCore", "OrchRendering", "OrchTestSupport", "orch"], exclude: ["Story"])
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system && target.type != .plugin { target.swiftSettings = settings }
