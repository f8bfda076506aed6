import Foundation
import MeshModel

/// Finds and reads the files that tests compare with.
enum TestData {
  static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Data/certificates")

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  static func names(in folderName: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent(folderName).path
    ).sorted()
  }
}

/// Facts as text by name, in the words of the corpus, so that they compare with its JSON.
enum FactTexts {
  static func all(_ facts: CertificateFacts) -> [String: String] {
    func list(_ values: [String]?) -> String? {
      values.map { "[" + $0.joined(separator: "|") + "]" }
    }
    func names(_ kind: SubjectAlternativeName.Kind) -> String? {
      facts.subjectAlternativeNames == nil ? nil : list(facts.names(kind))
    }
    let texts: [String: String?] = [
      "sha256": facts.sha256, "version": facts.version.map(String.init), "serial": facts.serial,
      "subject": facts.subject, "issuer": facts.issuer,
      "subjectCommonName": facts.subjectCommonName,
      "notBefore": facts.notBefore?.text, "notAfter": facts.notAfter?.text,
      "keyAlgorithm": facts.keyAlgorithm, "keySize": facts.keySize.map(String.init),
      "curve": facts.curve, "rsaExponent": facts.rsaExponent,
      "signatureAlgorithm": facts.signatureAlgorithm, "signatureDigest": facts.signatureDigest,
      "uri": names(.uri), "dns": names(.dns), "ip": names(.ip), "email": names(.email),
      "directory": names(.directory), "other": names(.other),
      "isSANCritical": facts.isSANCritical.map(String.init),
      "isCA": facts.isCA.map(String.init),
      "hasBasicConstraints": facts.hasBasicConstraints.map(String.init),
      "pathLength": facts.pathLength.map(String.init), "keyUsages": list(facts.keyUsages),
      "isKeyUsageCritical": facts.isKeyUsageCritical.map(String.init),
      "extendedKeyUsages": list(facts.extendedKeyUsages), "subjectKeyID": facts.subjectKeyID,
      "authorityKeyID": facts.authorityKeyID,
      "hasNameConstraints": facts.hasNameConstraints.map(String.init),
      "hasCRLDistributionPoints": facts.hasCRLDistributionPoints.map(String.init),
      "hasAuthorityInfoAccess": facts.hasAuthorityInfoAccess.map(String.init),
      "duplicateExtensions": list(facts.duplicateExtensions),
      "unknownCriticalExtensions": list(facts.unknownCriticalExtensions),
      "isSelfIssued": facts.isSelfIssued.map(String.init), "role": facts.role.rawValue,
      "spiffeID": facts.spiffeID?.description, "identity": facts.identity,
    ]
    return texts.compactMapValues { $0 }
  }

  /// The text of an expected JSON value; nil for null.
  static func text(_ value: Any) -> String? {
    switch value {
    case is NSNull: return nil
    case let list as [String]: return "[" + list.joined(separator: "|") + "]"
    case let number as NSNumber:
      // JSONSerialization gives true and false as numbers of type char.
      return String(cString: number.objCType) == "c" ? String(number.boolValue) : number.stringValue
    case let text as String: return text
    default: return "\(value)"
    }
  }
}

/// Base64 for test input.
enum Base64Text {
  static func encoded(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
