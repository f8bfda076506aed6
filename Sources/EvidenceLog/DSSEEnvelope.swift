import Foundation
import MeshModel

/// A DSSE envelope, version 1.0.2 (secure-systems-lab/dsse, envelope.md and protocol.md).
package struct DSSEEnvelope: Sendable, Hashable {
  package struct Signature: Sendable, Hashable {
    /// Names the key; a hint, never trusted.
    package var keyID: String
    package var bytes: [UInt8]
  }

  /// The payload type of in-toto statements.
  package static let inTotoPayloadType = "application/vnd.in-toto+json"

  package var payloadType: String
  package var payload: [UInt8]
  /// Empty when no key was given; the envelope then says so.
  package var signatures: [Signature]

  package init(
    payload: [UInt8], payloadType: String = DSSEEnvelope.inTotoPayloadType,
    signatures: [Signature] = []
  ) {
    self.payload = payload
    self.payloadType = payloadType
    self.signatures = signatures
  }

  /// The bytes that are signed (protocol.md): `DSSEv1`, then the type and the payload, each after
  /// its length in decimal, with one space between.
  package static func preAuthenticationEncoding(payloadType: String, payload: [UInt8]) -> [UInt8] {
    let type = Array(payloadType.utf8)
    return Array("DSSEv1 \(type.count) ".utf8) + type + Array(" \(payload.count) ".utf8) + payload
  }

  package var signedBytes: [UInt8] {
    DSSEEnvelope.preAuthenticationEncoding(payloadType: payloadType, payload: payload)
  }

  /// Signs the payload with one key.
  package static func signed(
    payload: [UInt8], payloadType: String = DSSEEnvelope.inTotoPayloadType, with key: SigningKey
  ) throws(EvidenceError) -> DSSEEnvelope {
    var envelope = DSSEEnvelope(payload: payload, payloadType: payloadType)
    let bytes = try key.signature(over: envelope.signedBytes)
    envelope.signatures = [Signature(keyID: key.verificationKey.keyID, bytes: bytes)]
    return envelope
  }

  /// One line of JSON with its line break: the contents of `run.intoto.jsonl`.
  ///
  /// Decision: an envelope without signatures carries `"unsigned":true`, so that a person sees it too.
  /// The field is ours; it stands outside what is signed, and nothing is decided by it.
  package var line: String {
    var members: [JSONValue.Member] = [
      .init("payloadType", .string(payloadType)),
      .init("payload", .string(Data(payload).base64EncodedString())),
      .init(
        "signatures",
        .array(
          signatures.map {
            .object([
              .init("keyid", .string($0.keyID)),
              .init("sig", .string(Data($0.bytes).base64EncodedString())),
            ])
          })),
    ]
    if signatures.isEmpty { members.append(.init("unsigned", true)) }
    return JSONValue.object(members).canonicalText + "\n"
  }

  /// Reads one envelope from the contents of a file; what is wrong is thrown as a problem.
  package init(line text: [UInt8]) throws(EvidenceProblem) {
    let lines = text.split(separator: UInt8(ascii: "\n")).filter { line in
      !line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
    guard lines.count == 1 else {
      throw .malformedEnvelope("it holds \(lines.count) lines where one is expected")
    }
    let wire: Wire
    do {
      wire = try JSONDecoder().decode(Wire.self, from: Data(lines[0]))
    } catch {
      throw .malformedEnvelope("it is not a DSSE envelope in JSON")
    }
    guard let payload = DSSEEnvelope.decodedBase64(wire.payload) else {
      throw .malformedEnvelope("its payload is not Base64")
    }
    self.payload = payload
    payloadType = wire.payloadType
    signatures = []
    for signature in wire.signatures {
      guard let bytes = DSSEEnvelope.decodedBase64(signature.sig) else {
        throw .malformedEnvelope("a signature is not Base64")
      }
      signatures.append(Signature(keyID: signature.keyid ?? "", bytes: bytes))
    }
  }

  private struct Wire: Decodable {
    struct Signature: Decodable {
      var keyid: String?
      var sig: String
    }

    var payloadType: String
    var payload: String
    var signatures: [Signature]
  }

  /// Standard or URL-safe Base64 (envelope.md), in the one form that encodes these bytes: otherwise
  /// two files could differ and verify alike.
  private static func decodedBase64(_ text: String) -> [UInt8]? {
    let standard = text.replacing("-", with: "+").replacing("_", with: "/")
    guard let data = Data(base64Encoded: standard), data.base64EncodedString() == standard else {
      return nil
    }
    return Array(data)
  }
}
