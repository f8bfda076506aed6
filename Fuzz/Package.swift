// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that the product's build does not know it; `Sources` links to the modules that are
/// fed, because `package` access ends where a package does.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The folders of `Targets`: each has a Swift file with a target, and `seeds`, the inputs that it starts from.
let targets = [
  "access-logs", "certificates", "decisions", "documents", "inventories", "metrics",
  "revocation-lists", "summaries", "tokens", "traces",
]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let extras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")

let package = Package(
  name: "Fuzz",
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", .upToNextMinor(from: "4.5.2")),
    .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
  ],
  targets: [
    module("MeshModel"),
    module("DocumentReader", ["MeshModel", yams]),
    module("CertificateReader", ["MeshModel", "DocumentReader", crypto, extras]),
    .target(name: "CBlake3Shim", exclude: ["lanes.inc"]),
    .target(
      name: "CInflateShim", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("zstd")]),
    module("AccessLogReader", ["MeshModel", "CInflateShim", "CBlake3Shim"]),
    .executableTarget(
      name: "fuzz", dependencies: ["MeshModel", "AccessLogReader", "CertificateReader"],
      path: "Targets", exclude: targets.map { "\($0)/seeds" },
      // The fuzzer brings `main`.
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
      // Rounding: the product gets the library with Foundation.
      linkerSettings: [.linkedLibrary("m")]),
  ]
)
