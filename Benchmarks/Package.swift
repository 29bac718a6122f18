// swift-tools-version: 6.1
import PackageDescription

// Measurements of the use cases, in a package of their own: nobody who builds `orch` builds them. See Scripts/bench.
let package = Package(
  name: "orch-benchmarks",
  platforms: [.macOS(.v14)],
  dependencies: [.package(name: "orch", path: "..")],
  targets: [
    .executableTarget(
      name: "orch-bench",
      dependencies: [
        .product(name: "OrchApp", package: "orch"), .product(name: "OrchSQLite", package: "orch"),
        .product(name: "OrchPostgres", package: "orch"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
