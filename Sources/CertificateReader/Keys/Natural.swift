/// A natural number of any size, as far as looking at RSA moduli needs one.
///
/// Schoolbook algorithms (Knuth, The Art of Computer Programming 2, 4.3.1): a modulus has 32 to 64 words.
struct Natural: Hashable {
  /// Least significant first, the last one not zero; empty for 0.
  private(set) var words: [UInt]

  private init(words: [UInt]) {
    self.words = words
    while self.words.last == 0 { self.words.removeLast() }
  }

  init(_ value: UInt) { words = value == 0 ? [] : [value] }

  /// The number with these bytes, most significant first.
  init(_ bytes: some BidirectionalCollection<UInt8>) {
    var words: [UInt] = []
    words.reserveCapacity(bytes.count / 8 + 1)
    var word: UInt = 0
    var shift: UInt = 0
    for byte in bytes.reversed() {
      word |= UInt(byte) << shift
      shift += 8
      if shift == 64 {
        words.append(word)
        (word, shift) = (0, 0)
      }
    }
    self.init(words: words + [word])
  }

  var isZero: Bool { words.isEmpty }

  var bitCount: Int { words.count * 64 - (words.last?.leadingZeroBitCount ?? 0) }

  static func * (left: Natural, right: Natural) -> Natural {
    guard !left.isZero, !right.isZero else { return Natural(0) }
    var result = [UInt](repeating: 0, count: left.words.count + right.words.count)
    result.withUnsafeMutableBufferPointer { result in
      right.words.withUnsafeBufferPointer { right in
        for (place, factor) in left.words.enumerated() {
          var carry: UInt = 0
          for index in right.indices {
            let product = factor.multipliedFullWidth(by: right[index])
            let (low, first) = product.low.addingReportingOverflow(carry)
            let (sum, second) = result[place + index].addingReportingOverflow(low)
            result[place + index] = sum
            carry = product.high &+ (first ? 1 : 0) &+ (second ? 1 : 0)
          }
          result[place + right.count] = carry
        }
      }
    }
    return Natural(words: result)
  }

  static func + (left: Natural, right: Natural) -> Natural {
    var result = left.words
    var carry = false
    for index in 0..<max(left.words.count, right.words.count) {
      if index == result.count { result.append(0) }
      let other = index < right.words.count ? right.words[index] : 0
      let (sum, first) = result[index].addingReportingOverflow(other)
      let (total, second) = sum.addingReportingOverflow(carry ? 1 : 0)
      result[index] = total
      carry = first || second
    }
    if carry { result.append(1) }
    return Natural(words: result)
  }

  /// The difference; `right` is not larger.
  static func - (left: Natural, right: Natural) -> Natural {
    var result = left.words
    var borrow = false
    for index in result.indices {
      let other = index < right.words.count ? right.words[index] : 0
      let (difference, first) = result[index].subtractingReportingOverflow(other)
      let (total, second) = difference.subtractingReportingOverflow(borrow ? 1 : 0)
      result[index] = total
      borrow = first || second
    }
    return Natural(words: result)
  }

  func shiftedLeft(by count: Int) -> Natural {
    guard !isZero else { return self }
    let (whole, rest) = (count / 64, UInt(count % 64))
    var result = [UInt](repeating: 0, count: whole)
    var carry: UInt = 0
    for word in words {
      result.append(word << rest | carry)
      carry = rest == 0 ? 0 : word >> (64 - rest)
    }
    return Natural(words: result + [carry])
  }

  func shiftedRight(by count: Int) -> Natural {
    let (whole, rest) = (count / 64, UInt(count % 64))
    guard whole < words.count else { return Natural(0) }
    var result = Array(words[whole...])
    guard rest > 0 else { return Natural(words: result) }
    for index in result.indices {
      let above = index + 1 < result.count ? result[index + 1] : 0
      result[index] = result[index] >> rest | above << (64 - rest)
    }
    return Natural(words: result)
  }

  /// The remainder by one word that is not 0.
  func remainder(by divisor: UInt) -> UInt {
    var remainder: UInt = 0
    for word in words.reversed() {
      remainder = divisor.dividingFullWidth((remainder, word)).remainder
    }
    return remainder
  }

  /// Quotient and remainder by a number that is not 0 (Knuth's algorithm D).
  func divided(by divisor: Natural) -> (quotient: Natural, remainder: Natural) {
    let count = divisor.words.count
    guard words.count >= count else { return (Natural(0), self) }
    if count == 1 {
      let (quotient, remainder) = divided(byWord: divisor.words[0])
      return (quotient, Natural(remainder))
    }
    let shift = divisor.words[count - 1].leadingZeroBitCount
    let divisor = divisor.shiftedLeft(by: shift).words
    var rest = shiftedLeft(by: shift).words
    while rest.count <= words.count { rest.append(0) }
    var quotient = [UInt](repeating: 0, count: rest.count - count)
    rest.withUnsafeMutableBufferPointer { rest in
      divisor.withUnsafeBufferPointer { divisor in
        for place in (0..<quotient.count).reversed() {
          quotient[place] = Natural.step(
            UnsafeMutableBufferPointer(rebasing: rest[place...]), divisor)
        }
      }
    }
    return (Natural(words: quotient), Natural(words: rest).shiftedRight(by: shift))
  }

  private func divided(byWord divisor: UInt) -> (quotient: Natural, remainder: UInt) {
    var quotient = words
    var remainder: UInt = 0
    for index in quotient.indices.reversed() {
      (quotient[index], remainder) = divisor.dividingFullWidth((remainder, quotient[index]))
    }
    return (Natural(words: quotient), remainder)
  }

  /// One word of a quotient; takes its share off `rest`, whose first words stand below it.
  private static func step(
    _ rest: UnsafeMutableBufferPointer<UInt>, _ divisor: UnsafeBufferPointer<UInt>
  ) -> UInt {
    let count = divisor.count
    let (top, next) = (rest[count], rest[count - 1])
    var guess: UInt
    var (left, isTooFar) = (UInt(0), false)
    if top >= divisor[count - 1] {
      guess = .max
      (left, isTooFar) = next.addingReportingOverflow(divisor[count - 1])
    } else {
      (guess, left) = divisor[count - 1].dividingFullWidth((top, next))
    }
    while !isTooFar {
      let product = guess.multipliedFullWidth(by: divisor[count - 2])
      guard (product.high, product.low) > (left, rest[count - 2]) else { break }
      guess -= 1
      (left, isTooFar) = left.addingReportingOverflow(divisor[count - 1])
    }
    var carry: UInt = 0
    for index in 0..<count {
      let product = guess.multipliedFullWidth(by: divisor[index])
      let (low, first) = product.low.addingReportingOverflow(carry)
      let (difference, second) = rest[index].subtractingReportingOverflow(low)
      rest[index] = difference
      carry = product.high &+ (first ? 1 : 0) &+ (second ? 1 : 0)
    }
    let (difference, isNegative) = rest[count].subtractingReportingOverflow(carry)
    rest[count] = difference
    guard isNegative else { return guess }
    var back: UInt = 0
    for index in 0..<count {
      let (sum, first) = rest[index].addingReportingOverflow(divisor[index])
      let (total, second) = sum.addingReportingOverflow(back)
      rest[index] = total
      back = (first ? 1 : 0) + (second ? 1 : 0)
    }
    rest[count] = rest[count] &+ back
    return guess - 1
  }

  /// The greatest common divisor (Euclid).
  static func greatestCommonDivisor(_ left: Natural, _ right: Natural) -> Natural {
    var (left, right) = (left, right)
    while !right.isZero { (left, right) = (right, left.divided(by: right).remainder) }
    return left
  }

  /// The largest number whose square is not larger (Newton's method from above).
  var squareRoot: Natural {
    guard !isZero else { return self }
    var root = Natural(1).shiftedLeft(by: (bitCount + 1) / 2)
    while true {
      let next = (root + divided(by: root).quotient).shiftedRight(by: 1)
      guard next < root else { return root }
      root = next
    }
  }
}

extension Natural: Comparable {
  static func < (left: Natural, right: Natural) -> Bool {
    guard left.words.count == right.words.count else {
      return left.words.count < right.words.count
    }
    return left.words.reversed().lexicographicallyPrecedes(right.words.reversed())
  }
}
