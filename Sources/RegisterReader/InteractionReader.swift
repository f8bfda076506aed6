import AuditModel
import DocumentReader
import MeshModel

/// Reads `interactions`, the declared peers of a system (Annex IV, point 1(b)).
enum InteractionReader {
  private enum Direction: String, CaseIterable {
    case inward = "in"
    case outward = "out"
  }

  /// The interactions that could be read; each names one peer or one external host.
  static func read(_ system: FieldReader, suppliers: Set<String>) -> [AISystem.Interaction] {
    system.objects("interactions").compactMap { read(entry: $0, suppliers: suppliers) }
  }

  private static func read(entry: FieldReader, suppliers: Set<String>) -> AISystem.Interaction? {
    let peer = entry.string("peer")
    let external = entry.string("external")
    let direction = entry.word("direction", as: Direction.self)
    let methods = entry.strings("methods")
    let supplier = entry.string("supplier")
    let purpose = entry.string("purpose")?.value
    if entry.raw("direction") == nil {
      entry.reportMissing("direction", hint: "expected \"in\" or \"out\"")
    }
    if let peer { PeerName.check(peer, called: entry.name(of: "peer"), in: entry) }
    if let external, !isHost(external.value) {
      entry.problem(
        "unknown-value", "\(entry.name(of: "external")) is \"\(external.value.prefix(120))\"",
        at: external.location,
        hint: "expected a host name such as \"api.vendor.example\", without scheme or path")
    }
    for method in methods where !HTTPMethodName.isValid(method.value) {
      entry.problem(
        "unknown-value", "\(entry.name(of: "methods")) has \"\(method.value.prefix(40))\"",
        at: method.location, hint: "expected HTTP methods in capital letters, such as \"GET\"")
    }
    if let supplier, !suppliers.contains(supplier.value) {
      let known = suppliers.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
      entry.problem(
        "unknown-supplier",
        "\(entry.name(of: "supplier")) is \"\(supplier.value.prefix(80))\"",
        at: supplier.location,
        hint: known.isEmpty
          ? "the system lists no suppliers; add it to \"suppliers\"" : "expected one of \(known)")
    }
    entry.reportUnknownFields()
    switch (entry.raw("peer") != nil, entry.raw("external") != nil) {
    case (false, false):
      entry.problem(
        "ambiguous-peer", "\(entry.path) names no peer", at: entry.location,
        hint: "give either \"peer\" or \"external\"")
      return nil
    case (true, true):
      entry.problem(
        "ambiguous-peer", "\(entry.path) has both \"peer\" and \"external\"", at: entry.location,
        hint: "give either \"peer\" or \"external\"")
      return nil
    case (true, false), (false, true):
      if peer == nil, external == nil { return nil }
    }
    if let peer, PeerName.defect(in: peer.value) != nil { return nil }
    guard let direction else { return nil }
    return AISystem.Interaction(
      peer: peer?.value, external: external?.value, direction: direction.value.rawValue,
      purpose: purpose, methods: methods.map(\.value), supplier: supplier?.value,
      location: entry.location)
  }

  /// A DNS name, `*.` allowed in front, or an address with an optional port.
  private static func isHost(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 260
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 97...122, 65...90, 48...57, UInt8(ascii: "."), UInt8(ascii: "-"),
          UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: ":"):
          true
        default: false
        }
      }
  }
}
