import Testing

@testable import CertificateReader

@Suite struct NaturalTests {
  /// Numbers of up to `wordCount` words, with words of only zeros and ones among them, which is where the
  /// estimates of long division go wrong.
  struct Source {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func word() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }

    mutating func number(wordCount: Int) -> Natural {
      var bytes: [UInt8] = []
      for _ in 0..<Int(word() >> 8) % wordCount + 1 {
        let choice = word() >> 60
        let value = choice < 2 ? 0 : choice < 4 ? UInt64.max : choice < 6 ? 1 << 63 : word()
        for shift in stride(from: 56, through: 0, by: -8) {
          bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
      }
      return Natural(bytes)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func divisionUndoesMultiplication(_ seed: UInt64) {
    var source = Source(seed: seed)
    for _ in 0..<400 {
      let (number, divisor) = (source.number(wordCount: 9), source.number(wordCount: 5))
      guard !divisor.isZero else { continue }
      let (quotient, remainder) = number.divided(by: divisor)
      #expect(quotient * divisor + remainder == number, "seed \(seed)")
      #expect(remainder < divisor, "seed \(seed)")
      #expect((number * divisor).divided(by: divisor).quotient == number, "seed \(seed)")
      #expect(number + divisor - divisor == number, "seed \(seed)")
      #expect(number.shiftedLeft(by: 77).shiftedRight(by: 77) == number, "seed \(seed)")
      if divisor.words.count == 1 {
        #expect(Natural(number.remainder(by: divisor.words[0])) == remainder, "seed \(seed)")
      }
    }
  }

  @Test(arguments: [6, 7] as [UInt64]) func theRootIsTheLargestThatFits(_ seed: UInt64) {
    var source = Source(seed: seed)
    for _ in 0..<200 {
      let number = source.number(wordCount: 8)
      let root = number.squareRoot
      let next = root + Natural(1)
      #expect(root * root <= number && number < next * next, "seed \(seed)")
      #expect((number * number).squareRoot == number, "seed \(seed)")
    }
  }

  @Test func aCommonFactorIsFound() {
    var source = Source(seed: 8)
    for _ in 0..<100 {
      let factor = source.number(wordCount: 3)
      let (left, right) = (source.number(wordCount: 4), source.number(wordCount: 4))
      guard !factor.isZero, !left.isZero, !right.isZero else { continue }
      let divisor = Natural.greatestCommonDivisor(left * factor, right * factor)
      #expect(divisor.divided(by: factor).remainder.isZero)
      #expect((left * factor).divided(by: divisor).remainder.isZero)
    }
  }
}
