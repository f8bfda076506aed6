import Crypto
import MeshModel

/// SubjectPublicKeyInfo (RFC 5280 4.1.2.7; RFC 3279, RFC 5480, RFC 8410).
extension CertificateParser {
  mutating func readPublicKey(_ content: Range<Int>) {
    do {
      try readKey(content)
    } catch {
      problem("the public key: \(error.message)", error.anomaly)
    }
  }

  private mutating func readKey(_ content: Range<Int>) throws(DERError) {
    var position = content.lowerBound
    let algorithm = try walker.next(
      &position, end: content.upperBound, tag: DERTag.sequence, "the algorithm")
    let key = try walker.next(
      &position, end: content.upperBound, tag: DERTag.bitString, "the key")
    var inner = algorithm.content.lowerBound
    let identifier = try walker.next(
      &inner, end: algorithm.end, tag: DERTag.objectIdentifier, "the algorithm's identifier")
    let parameters = inner..<algorithm.end
    guard let name = OID(bytes, identifier.content).flatMap({ KeyAlgorithm.nameByOID[$0] }) else {
      facts.keyAlgorithm = OID.text(bytes, identifier.content)
      anomalies.insert(.keyAlgorithmUnusual)
      return
    }
    facts.keyAlgorithm = name
    guard bytes[key.content].first == 0 else {
      throw DERError(anomaly: .nonDERBitString, message: "the key is no whole number of bytes")
    }
    let value = key.content.lowerBound + 1..<key.end
    switch name {
    case "RSA":
      if !bytes[parameters].elementsEqual([DERTag.null, 0]) { anomalies.insert(.keyParameters) }
      try readRSA(value)
    case "RSASSA-PSS":
      anomalies.insert(.keyAlgorithmUnusual)
      try readRSA(value)
    case "EC": try readEC(value, parameters: parameters)
    case "DSA":
      anomalies.insert(.keyAlgorithmUnusual)
      facts.keySize = try dsaSize(parameters)
    case "Ed25519":
      facts.keySize = 256
      if !parameters.isEmpty { anomalies.insert(.keyParameters) }
      if value.count != 32 { anomalies.insert(.keyPointInvalid) }
    default:
      anomalies.insert(.keyAlgorithmUnusual)
      if name == "Ed448" || name == "X448" { facts.keySize = name == "Ed448" ? 456 : 448 }
      if name == "X25519" { facts.keySize = 256 }
    }
  }

  private mutating func readRSA(_ value: Range<Int>) throws(DERError) {
    var position = value.lowerBound
    let sequence = try walker.next(
      &position, end: value.upperBound, tag: DERTag.sequence, "the RSA key")
    var inner = sequence.content.lowerBound
    let modulus = try walker.next(&inner, end: sequence.end, tag: DERTag.integer, "the modulus")
    let exponent = try walker.next(&inner, end: sequence.end, tag: DERTag.integer, "the exponent")
    let digits = bytes[modulus.content].drop { $0 == 0 }
    let bits = digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
    facts.keySize = bits
    if bits < 2048 { anomalies.insert(.keyRSAShort) }
    if bits > 4096 { anomalies.insert(.keyRSALong) }
    if bits % 8 != 0 { anomalies.insert(.keyRSAOddSize) }
    if hasSmallFactor(digits) { anomalies.insert(.keyRSASmallFactor) }
    readExponent(exponent.content)
  }

  private mutating func readExponent(_ content: Range<Int>) {
    let digits = bytes[content].drop { $0 == 0 }
    let isNegative = bytes[content].first.map { $0 >= 0x80 } == true
    if digits.count <= 8, !isNegative {
      let number = digits.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      facts.rsaExponent = String(number)
      if number < 65537 || number % 2 == 0 { anomalies.insert(.keyRSAExponent) }
    } else {
      facts.rsaExponent = (isNegative ? "-0x" : "0x") + Hex.text(digits)
      if isNegative || (digits.last ?? 0) % 2 == 0 { anomalies.insert(.keyRSAExponent) }
    }
  }

  /// Whether a prime below 24 divides the number: one pass with the product of these primes, which
  /// fits 32 bits, then the remainder by each.
  private func hasSmallFactor(_ digits: ArraySlice<UInt8>) -> Bool {
    let primes: [UInt64] = [2, 3, 5, 7, 11, 13, 17, 19, 23]
    let product: UInt64 = 223_092_870
    var remainder: UInt64 = 0
    var word: UInt64 = 0
    var count = 0
    for byte in digits {
      word = word << 8 | UInt64(byte)
      count += 1
      if count == 4 {
        remainder = (remainder << 32 | word) % product
        word = 0
        count = 0
      }
    }
    if count > 0 { remainder = (remainder << UInt64(8 * count) | word) % product }
    return primes.contains { remainder % $0 == 0 }
  }

  private mutating func readEC(_ value: Range<Int>, parameters: Range<Int>) throws(DERError) {
    guard let tag = bytes[parameters].first else {
      anomalies.insert(.keyParameters)
      return
    }
    guard tag == DERTag.objectIdentifier else {
      facts.curve = tag == DERTag.sequence ? "explicit" : nil
      anomalies.insert(tag == DERTag.sequence ? .keyExplicitParameters : .keyParameters)
      return
    }
    var position = parameters.lowerBound
    let identifier = try walker.next(&position, end: parameters.upperBound)
    guard let curve = OID(bytes, identifier.content).flatMap({ KeyAlgorithm.curveByOID[$0] })
    else {
      facts.curve = OID.text(bytes, identifier.content)
      anomalies.insert(.keyCurveUnusual)
      return
    }
    facts.curve = curve.name
    facts.keySize = curve.bits
    if !curve.isUsual { anomalies.insert(.keyCurveUnusual) }
    let width = (curve.bits + 7) / 8
    switch bytes[value].first {
    case 0x04 where value.count == 1 + 2 * width:
      if !isOnCurve(curve.name, bytes[value]) { anomalies.insert(.keyPointInvalid) }
    case 0x02 where value.count == 1 + width, 0x03 where value.count == 1 + width:
      anomalies.insert(.keyPointCompressed)
    default: anomalies.insert(.keyPointInvalid)
    }
  }

  /// Whether an uncompressed point satisfies its curve's equation; true for curves that are unusual
  /// already.
  private func isOnCurve(_ curve: String, _ point: ArraySlice<UInt8>) -> Bool {
    do {
      switch curve {
      case "P-256": _ = try P256.Signing.PublicKey(x963Representation: point)
      case "P-384": _ = try P384.Signing.PublicKey(x963Representation: point)
      case "P-521": _ = try P521.Signing.PublicKey(x963Representation: point)
      default: break
      }
      return true
    } catch {
      return false
    }
  }

  /// Bits of the prime of DSA parameters (RFC 3279 2.3.2).
  private mutating func dsaSize(_ parameters: Range<Int>) throws(DERError) -> Int? {
    guard !parameters.isEmpty else { return nil }
    var position = parameters.lowerBound
    let sequence = try walker.next(
      &position, end: parameters.upperBound, tag: DERTag.sequence, "the DSA parameters")
    var inner = sequence.content.lowerBound
    let prime = try walker.next(&inner, end: sequence.end, tag: DERTag.integer, "the DSA prime")
    let digits = bytes[prime.content].drop { $0 == 0 }
    return digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
  }
}
