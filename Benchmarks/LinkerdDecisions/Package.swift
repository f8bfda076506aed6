// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product carries no benchmark. Its modules are links to the
// product's: `package` access holds within one package only.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "LinkerdDecisions",
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2"))
  ],
  targets: [
    .target(name: "MeshModel", swiftSettings: settings),
    .target(
      name: "DocumentReader",
      dependencies: ["MeshModel", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .target(
      name: "ManifestReader", dependencies: ["MeshModel", "DocumentReader"],
      swiftSettings: settings),
    .target(name: "LinkerdPolicy", dependencies: ["MeshModel"], swiftSettings: settings),
    .executableTarget(
      name: "LinkerdDecisions",
      dependencies: ["MeshModel", "DocumentReader", "ManifestReader", "LinkerdPolicy"],
      swiftSettings: settings,
      linkerSettings: [.linkedLibrary("m")]),
  ]
)
