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

/// A folder of `Targets` with one Swift file, that gives libFuzzer its entry, and `seeds`, the inputs that it
/// starts from.
func fuzz(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Targets/\(name)", exclude: ["seeds"],
    // The fuzzer brings `main`.
    swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
    // Rounding: the product gets the library with Foundation.
    linkerSettings: [.linkedLibrary("m")])
}

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
    fuzz("access-logs", ["MeshModel", "AccessLogReader"]),
    fuzz("summaries", ["MeshModel", "AccessLogReader"]),
    fuzz("certificates", ["MeshModel", "CertificateReader"]),
    fuzz("inventories", ["MeshModel", "CertificateReader"]),
    fuzz("tokens", ["MeshModel", "CertificateReader"]),
    fuzz("revocation-lists", ["MeshModel", "CertificateReader"]),
  ]
)
