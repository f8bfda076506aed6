/// Parts that one certificate of an inventory has in common with the one before it: issuer, algorithms,
/// usages, the issuer's key.
///
/// Reading them again takes time, and keeping them again memory. Only a part in which nothing was odd is
/// remembered.
struct RepeatedParts {
  /// The bytes that were read last, and what they said.
  struct Part<Value> {
    private var bytes: [UInt8] = []
    private var value: Value?

    /// What the same bytes said before; nil when these are others.
    func value(of other: ArraySlice<UInt8>) -> Value? {
      other.count == bytes.count && other.elementsEqual(bytes) ? value : nil
    }

    mutating func remember(_ value: Value, of bytes: ArraySlice<UInt8>) {
      self.bytes = Array(bytes)
      self.value = value
    }
  }

  var issuer = Part<String>()
  var signatureAlgorithm = Part<SignatureAlgorithm>()
  var keyUsages = Part<[String]>()
  var extendedKeyUsages = Part<[String]>()
  var authorityKeyID = Part<String>()
}
