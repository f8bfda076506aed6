// swift-tools-version: 6.2
import PackageDescription

/// Language rules that hold for every target of ours: Swift 6 mode comes with the tools version.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A tree of files that is compiled into the binary.
///
/// The target is rooted at the tree itself, so that the build notices edits, additions and
/// deletions; it holds exactly one Swift file.
func embedded(_ name: String, path: String) -> Target {
  .target(
    name: name, dependencies: ["MeshModel"], path: path, sources: ["\(name).swift"],
    swiftSettings: settings, plugins: ["EmbedFiles"])
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies,
    swiftSettings: settings)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
/// RSA signatures; Crypto itself has none.
let extras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "meshaudit",
  products: [.executable(name: "meshaudit", targets: ["meshaudit"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
    .package(url: "https://github.com/apple/swift-crypto", .upToNextMinor(from: "4.5.2")),
    .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
    .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
  ],
  targets: [
    // Nouns. Pure: no Foundation, no file, clock, environment or database (`make arrows`).
    module("MeshModel"),
    module("AuditModel", ["MeshModel"]),

    // Decisions. Pure, and they do not know each other.
    module("IstioPolicy", ["MeshModel"]),
    module("LinkerdPolicy", ["MeshModel"]),
    module("KubernetesPolicy", ["MeshModel"]),
    module(
      "AccessAnalysis",
      ["MeshModel", "AuditModel", "IstioPolicy", "LinkerdPolicy", "KubernetesPolicy"]),

    // Readers: bytes in, nouns and diagnostics out.
    module("DocumentReader", ["MeshModel", yams]),
    module("ManifestReader", ["MeshModel", "DocumentReader"]),
    module("RegisterReader", ["MeshModel", "AuditModel", "DocumentReader"]),
    module("CertificateReader", ["MeshModel", "DocumentReader", crypto, extras]),
    module("AccessLogReader", ["MeshModel", "CInflateShim", "CBlake3Shim"]),

    // Store, rules, reports, evidence.
    module("AuditStore", ["MeshModel", "AuditModel", grdb]),
    module("RuleEngine", ["MeshModel", "AuditModel", "DocumentReader", "CSQLiteShim", sqlite]),
    module("Reporting", ["MeshModel", "AuditModel", "CXMLShim", crypto]),
    module("EvidenceLog", ["MeshModel", "AuditModel", crypto]),
    embedded("RulePacks", path: "rules"),
    embedded("ReportTemplates", path: "reports"),

    // The one place that opens files, owns the clock and starts tasks; and the command line.
    module(
      "AuditPipeline",
      [
        "MeshModel", "AuditModel", "IstioPolicy", "LinkerdPolicy", "KubernetesPolicy",
        "AccessAnalysis", "DocumentReader", "ManifestReader", "RegisterReader",
        "CertificateReader", "AccessLogReader", "AuditStore", "RuleEngine", "Reporting",
        "EvidenceLog", "RulePacks",
        "ReportTemplates", crypto,
      ]),
    .executableTarget(
      name: "meshaudit",
      dependencies: ["MeshModel", "AuditModel", "Reporting", "AuditPipeline", arguments],
      swiftSettings: settings),

    // C: system libraries behind narrow headers of our own. Debian's libxml2 headers clash with
    // Foundation's ICU module, so Swift never sees them.
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CXMLShim", dependencies: ["CLibXML2"]),
    .target(name: "CSQLiteShim", dependencies: [sqlite]),
    .target(name: "CBlake3Shim", exclude: ["lanes.inc"]),
    .target(
      name: "CInflateShim", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("zstd")]),

    tests("MeshModel"),
    tests("DocumentReader", ["MeshModel"]),
    tests("ManifestReader", ["MeshModel", "DocumentReader"]),
    tests("RegisterReader", ["MeshModel", "AuditModel", "DocumentReader"]),
    tests("CertificateReader", ["MeshModel"]),
    tests("AccessLogReader", ["MeshModel"]),
    tests("IstioPolicy", ["MeshModel", "DocumentReader", "ManifestReader"]),
    tests("LinkerdPolicy", ["MeshModel", "DocumentReader", "ManifestReader"]),
    tests("KubernetesPolicy", ["MeshModel", "DocumentReader", "ManifestReader"]),
    tests("AccessAnalysis", ["MeshModel", "AuditModel", "DocumentReader", "ManifestReader"]),
    tests("AuditStore", ["MeshModel", "AuditModel", grdb]),
    tests("RuleEngine", ["MeshModel", "AuditModel", sqlite]),
    tests("Reporting", ["MeshModel", "AuditModel", "CXMLShim"]),
    tests("EvidenceLog", ["MeshModel", "AuditModel", crypto]),
    tests("AuditPipeline", ["MeshModel", "AuditModel", "AccessLogReader"]),
    // Runs the built program (Tests/CommandLineTests/MeshAuditProgram.swift).
    .testTarget(
      name: "CommandLineTests", dependencies: ["meshaudit"], swiftSettings: settings),

    .executableTarget(name: "embed", swiftSettings: settings),
    .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["embed"]),
  ]
)
