// swift-tools-version: 6.1
import PackageDescription

// The targets follow the layering: arrows point downwards only (see docs/architecture.md).
let package = Package(
  name: "orch",
  platforms: [.macOS(.v14)],
  products: [
    .executable(name: "orch", targets: ["orch"]),
    .library(name: "OrchApp", targets: ["OrchApp"]),
    .library(name: "OrchSQLite", targets: ["OrchSQLite"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
  ],
  targets: [
    .executableTarget(name: "orch", dependencies: ["OrchCommands"]),
    .target(
      name: "OrchCommands",
      dependencies: [
        "OrchApp", "OrchReports", "OrchSQLite",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "OrchReports", dependencies: ["OrchApp"]),
    .target(name: "OrchApp", dependencies: ["OrchStore"]),
    .target(name: "OrchSQLite", dependencies: ["OrchStore", "CSQLite"]),
    .target(
      name: "OrchStore",
      dependencies: ["OrchCore", .product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "OrchCore"),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),

    .target(
      name: "OrchTestSupport", dependencies: ["OrchApp", "OrchSQLite", "CSQLite"],
      path: "Tests/OrchTestSupport"),
    .testTarget(name: "OrchCoreTests", dependencies: ["OrchCore", "OrchStore", "OrchTestSupport"]),
    .testTarget(
      name: "OrchStoreTests", dependencies: ["OrchStore", "OrchSQLite", "OrchTestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "OrchReportsTests", dependencies: ["OrchReports", "OrchTestSupport"]),
    .testTarget(name: "OrchCommandTests", dependencies: ["OrchCore", "OrchTestSupport", "orch"]),
  ],
  swiftLanguageModes: [.v6]
)
