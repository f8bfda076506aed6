import MeshModel
import Testing

@testable import EvidenceLog

@Suite struct EvidenceChainTests {
  /// Runs that follow one another, a day apart.
  private func chain(_ count: Int, salt: String = "") throws -> [AttestedRun] {
    var runs: [AttestedRun] = []
    for sequence in 1...count {
      runs.append(try run(sequence, after: runs.last, salt: salt))
    }
    return runs
  }

  private func run(
    _ sequence: Int, after previous: AttestedRun?, salt: String = "", day: Int? = nil
  ) throws -> AttestedRun {
    var fixture = FixtureRun()
    fixture.sequence = sequence
    fixture.id = "run-\(sequence)\(salt)"
    fixture.startedAt = UTCTime(seconds: 1_795_499_886).adding(days: day ?? sequence)
    fixture.previous = previous.map {
      .init(runID: $0.runID, sequence: $0.sequence, payloadSHA256: $0.payloadSHA256)
    }
    return try AttestedRun(payload: fixture.payload)
  }

  @Test func aWholeChainHasNoProblems() throws {
    let runs = try chain(6)
    #expect(EvidenceChain.problems(in: runs) == [])
    #expect(EvidenceChain.problems(in: runs.shuffled()) == [])
    #expect(EvidenceChain.problems(in: runs + runs) == [])
    #expect(EvidenceChain.problems(in: []) == [])
    #expect(EvidenceChain.problems(in: runs, head: runs[5].payloadSHA256) == [])
  }

  @Test func aDeletedNightIsAGap() throws {
    var runs = try chain(6)
    runs.remove(at: 2)
    #expect(EvidenceChain.problems(in: runs) == [.chainGap(after: 2, before: 4)])
    runs.removeFirst()
    #expect(
      EvidenceChain.problems(in: runs)
        == [.chainGap(after: 0, before: 2), .chainGap(after: 2, before: 4)])
    #expect(EvidenceChain.problems(in: runs).allSatisfy { !$0.isFailure })
  }

  @Test func aDeletedLastNightShowsOnlyAgainstAPublishedHead() throws {
    let runs = try chain(4)
    let head = runs[3].payloadSHA256
    #expect(EvidenceChain.problems(in: Array(runs.dropLast())) == [])
    #expect(
      EvidenceChain.problems(in: Array(runs.dropLast()), head: head)
        == [.headMissing(payloadSHA256: head)])
  }

  @Test func twoRunsWithOneNumberAreAFork() throws {
    let runs = try chain(3)
    let other = try run(3, after: runs[1], salt: "b")
    let problems = EvidenceChain.problems(in: runs + [other])
    #expect(problems == [.chainFork(sequence: 3, runIDs: ["run-3", "run-3b"])])
    #expect(problems[0].isFailure)
  }

  @Test func aReplacedNightBreaksTheNext() throws {
    var runs = try chain(4)
    runs[1] = try run(2, after: runs[0], salt: "x")
    #expect(EvidenceChain.problems(in: runs).map(\.code) == ["previous-mismatch"])
  }

  @Test func aNightThatWasTakenOutAndClosedOverIsFound() throws {
    let runs = try chain(4)
    // Number 3 is made again as a follower of number 1 in place of number 2.
    let closed = try run(2, after: runs[0], salt: "z", day: 3)
    #expect(
      EvidenceChain.problems(in: [runs[0], closed, runs[3]]).map(\.code) == ["chain-gap"])
    #expect(
      EvidenceChain.problems(in: [runs[0], closed, runs[2], runs[3]]).map(\.code)
        == ["previous-mismatch"])
  }

  @Test func timeDoesNotRunBackwards() throws {
    let runs = try chain(2)
    let early = try run(3, after: runs[1], day: 1)
    #expect(EvidenceChain.problems(in: runs + [early]) == [.timeRunsBackwards(runID: "run-3")])
  }

  @Test func theFirstRunHasNoneBeforeIt() throws {
    let runs = try chain(2)
    #expect(
      EvidenceChain.problems(in: [try run(1, after: runs[1])]).map(\.code)
        == ["previous-mismatch"])
    #expect(
      EvidenceChain.problems(in: [try run(5, after: nil)]).map(\.code) == ["previous-mismatch"])
  }
}
