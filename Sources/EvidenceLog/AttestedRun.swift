import Foundation
package import MeshModel

/// What the statement of an envelope says, as far as verification needs it.
package struct AttestedRun: Sendable {
  package let runID: String
  package let sequence: Int
  package let startedOn: UTCTime
  package let asOf: UTCTime
  package let subjects: [RunStatement.Subject]
  package let findingsRoot: String
  package let findingCount: Int
  package let previous: RunStatement.Previous?
  /// SHA-256 of the payload bytes: what the next run names as `previous`.
  package let payloadSHA256: String

  /// Reads a payload; what is wrong is thrown as a problem.
  package init(payload: [UInt8]) throws(EvidenceProblem) {
    let head: Head
    do {
      head = try JSONDecoder().decode(Head.self, from: Data(payload))
    } catch {
      throw .malformedStatement("it is not an in-toto statement in JSON")
    }
    guard head._type == RunStatement.statementType else { throw .wrongStatementType(head._type) }
    guard head.predicateType == RunStatement.predicateType else {
      throw .wrongPredicateType(head.predicateType)
    }
    let body: Body
    do {
      body = try JSONDecoder().decode(Body.self, from: Data(payload))
    } catch {
      throw .malformedStatement("a field of the audit run is missing or has another type")
    }
    guard let startedOn = UTCTime(body.predicate.run.startedOn),
      let asOf = UTCTime(body.predicate.run.asOf)
    else { throw .malformedStatement("a time is not in RFC 3339") }
    runID = body.predicate.run.id
    sequence = body.predicate.run.sequence
    self.startedOn = startedOn
    self.asOf = asOf
    subjects = body.subject.map { .init(name: $0.name, sha256: $0.digest.sha256) }
    findingsRoot = body.predicate.findingsRoot.root
    findingCount = body.predicate.findingsRoot.leaves
    previous = body.predicate.previous.map {
      .init(runID: $0.runId, sequence: $0.sequence, payloadSHA256: $0.digest.sha256)
    }
    payloadSHA256 = SHA256Digest.hex(of: payload)
  }

  private struct Head: Decodable {
    var _type: String
    var predicateType: String
  }

  private struct Digest: Decodable {
    var sha256: String
  }

  private struct Body: Decodable {
    struct Resource: Decodable {
      var name: String
      var digest: Digest
    }

    struct Run: Decodable {
      var id: String
      var sequence: Int
      var startedOn: String
      var asOf: String
    }

    struct Root: Decodable {
      var root: String
      var leaves: Int
    }

    struct Previous: Decodable {
      var runId: String
      var sequence: Int
      var digest: Digest
    }

    struct Predicate: Decodable {
      var run: Run
      var findingsRoot: Root
      var previous: Previous?
    }

    var subject: [Resource]
    var predicate: Predicate
  }
}
