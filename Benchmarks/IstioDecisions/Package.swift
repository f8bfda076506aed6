// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that the product's build does not know it; `Sources` links to the two
/// modules that it measures, because `package` access ends where a package does.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "IstioDecisions",
  targets: [
    .target(name: "MeshModel", swiftSettings: settings),
    .target(name: "IstioPolicy", dependencies: ["MeshModel"], swiftSettings: settings),
    .executableTarget(
      name: "IstioDecisions", dependencies: ["MeshModel", "IstioPolicy"],
      swiftSettings: settings,
      // Rounding: the product gets the library with Foundation.
      linkerSettings: [.linkedLibrary("m")]),
  ]
)
