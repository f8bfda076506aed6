// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that the product's build does not know it; `Sources` links to the modules
/// that it measures, because `package` access ends where a package does.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let extras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")

let package = Package(
  name: "Certificates",
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", .upToNextMinor(from: "4.5.2")),
    .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
  ],
  targets: [
    module("MeshModel"),
    module("DocumentReader", ["MeshModel", yams]),
    module("CertificateReader", ["MeshModel", "DocumentReader", crypto, extras]),
    .executableTarget(
      name: "CertificateReading", dependencies: ["MeshModel", "CertificateReader"],
      swiftSettings: settings,
      // Rounding: the product gets the library with Foundation.
      linkerSettings: [.linkedLibrary("m")]),
  ]
)
