import DocumentReader
import MeshModel

/// Checks the fields of a system that rules read from its entry and that no type of ours holds.
enum DeclarationReader {
  static func check(_ fields: FieldReader) {
    _ = fields.day("placedOnMarket")
    _ = fields.day("lastSignificantDesignChange")
    for name in ["usesPersonalData", "biometric1a", "workplaceUse", "userFacing"] {
      _ = fields.bool(name)
    }
    if let purpose = fields.object("intendedPurpose") {
      _ = purpose.string("text")
      _ = purpose.sha256("sha256")
      purpose.reportUnknownFields()
    }
    if let stores = fields.object("stores") {
      for name in ["training", "features", "memory", "writers"] {
        PeerName.checkAll(name, in: stores)
      }
      stores.reportUnknownFields()
    }
    if let registration = fields.object("registration") {
      _ = registration.string("euDatabaseId")
      _ = registration.string("url")
      registration.reportUnknownFields()
    }
    if let external = fields.object("external") {
      for name in ["cyclonedx", "spdx", "oscalComponent"] { _ = external.string(name) }
      external.reportUnknownFields()
    }
    fields.objects("incidents").forEach(checkIncident)
    fields.objects("expectedCadence").forEach(checkCadence)
  }

  /// Kinds of serious incident: Article 3(49), points (a) to (d).
  private enum IncidentKind: String, CaseIterable {
    case death = "3-49-a"
    case criticalInfrastructure = "3-49-b"
    case fundamentalRights = "3-49-c"
    case propertyOrEnvironment = "3-49-d"
  }

  private static func checkIncident(_ incident: FieldReader) {
    _ = incident.required("id", hint: "give the incident an id")
    if incident.raw("awareAt") == nil {
      incident.reportMissing("awareAt", hint: "the terms of Article 73 run from this moment")
    }
    _ = incident.time("awareAt")
    if incident.raw("kind") == nil {
      incident.reportMissing("kind", hint: "name the point of Article 3(49), such as \"3-49-a\"")
    }
    _ = incident.word("kind", as: IncidentKind.self)
    _ = incident.bool("death")
    _ = incident.string("evidenceHold")
    _ = incident.string("reportRef")
    incident.reportUnknownFields()
  }

  private static func checkCadence(_ cadence: FieldReader) {
    let hint = "expected \"<peer> -> <namespace>/<workload>\""
    if let edge = cadence.required("edge", hint: hint) {
      let ends = edge.value.split(separator: " ").map(String.init)
      if ends.count != 3 || ends[1] != "->" || PeerName.defect(in: ends[0]) != nil
        || !WorkloadName.isValid(ends[2])
      {
        cadence.problem(
          "unknown-value", "\(cadence.name(of: "edge")) is \"\(edge.value.prefix(120))\"",
          at: edge.location, hint: hint)
      }
    }
    if cadence.raw("every") == nil {
      cadence.reportMissing("every", hint: "say how often, such as \"P3M\"")
    }
    _ = cadence.duration("every")
    cadence.reportUnknownFields()
  }
}

/// How the register names a workload: `<namespace>/<workload>`.
enum WorkloadName {
  static func isValid(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy(PeerName.isObjectName)
  }

  static func check(_ name: Located<String>, called field: String, in fields: FieldReader) {
    guard !isValid(name.value) else { return }
    fields.problem(
      "unknown-value", "\(field) is \"\(name.value.prefix(120))\"", at: name.location,
      hint: "expected \"<namespace>/<workload>\"")
  }
}

/// HTTP method names (RFC 9110 section 9.1) as policies write them: capital letters.
enum HTTPMethodName {
  static func isValid(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (65...90).contains($0) || $0 == UInt8(ascii: "-") }
  }
}
