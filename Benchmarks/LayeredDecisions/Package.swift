// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product carries no benchmark. Its modules are links to the
// product's: `package` access holds within one package only.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
  name: "LayeredDecisions",
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2"))
  ],
  targets: [
    module("MeshModel", []),
    module("AuditModel", ["MeshModel"]),
    module("DocumentReader", ["MeshModel", .product(name: "Yams", package: "Yams")]),
    module("ManifestReader", ["MeshModel", "DocumentReader"]),
    module("IstioPolicy", ["MeshModel"]),
    module("LinkerdPolicy", ["MeshModel"]),
    module("KubernetesPolicy", ["MeshModel"]),
    module(
      "AccessAnalysis",
      ["MeshModel", "AuditModel", "IstioPolicy", "LinkerdPolicy", "KubernetesPolicy"]),
    .executableTarget(
      name: "LayeredDecisions",
      dependencies: [
        "MeshModel", "DocumentReader", "ManifestReader", "KubernetesPolicy", "AccessAnalysis",
      ],
      swiftSettings: settings,
      linkerSettings: [.linkedLibrary("m")]),
  ]
)
