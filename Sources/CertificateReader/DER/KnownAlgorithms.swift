/// The signature algorithms that certificates are met with, and the digest of each.
///
/// Names and identifiers: RFC 3279, RFC 4055, RFC 5758 (RSA, DSA, ECDSA), RFC 8410 (Ed25519, Ed448),
/// RFC 8692 (SHAKE), RFC 9881 (ML-DSA), RFC 9909 (SLH-DSA).
struct SignatureAlgorithm {
  /// What the parameters of the algorithm identifier must be.
  enum Parameters {
    case absent
    case null
    case pss
    case any
  }

  var name: String
  var digest: String?
  var parameters: Parameters

  static let byOID: [OID: SignatureAlgorithm] = {
    var table: [OID: SignatureAlgorithm] = [:]
    func add(_ oid: String, _ name: String, _ digest: String?, _ parameters: Parameters) {
      table[OID(oid)] = SignatureAlgorithm(name: name, digest: digest, parameters: parameters)
    }
    add("1.2.840.113549.1.1.2", "md2WithRSAEncryption", "MD2", .null)
    add("1.2.840.113549.1.1.3", "md4WithRSAEncryption", "MD4", .null)
    add("1.2.840.113549.1.1.4", "md5WithRSAEncryption", "MD5", .null)
    add("1.2.840.113549.1.1.5", "sha1WithRSAEncryption", "SHA-1", .null)
    add("1.3.14.3.2.29", "sha1WithRSAEncryption", "SHA-1", .null)
    add("1.2.840.113549.1.1.10", "RSASSA-PSS", nil, .pss)
    add("1.2.840.113549.1.1.11", "sha256WithRSAEncryption", "SHA-256", .null)
    add("1.2.840.113549.1.1.12", "sha384WithRSAEncryption", "SHA-384", .null)
    add("1.2.840.113549.1.1.13", "sha512WithRSAEncryption", "SHA-512", .null)
    add("1.2.840.113549.1.1.14", "sha224WithRSAEncryption", "SHA-224", .null)
    add("1.2.840.113549.1.1.15", "sha512-224WithRSAEncryption", "SHA-512/224", .null)
    add("1.2.840.113549.1.1.16", "sha512-256WithRSAEncryption", "SHA-512/256", .null)
    add("1.2.840.10045.4.1", "ecdsa-with-SHA1", "SHA-1", .absent)
    add("1.2.840.10045.4.3.1", "ecdsa-with-SHA224", "SHA-224", .absent)
    add("1.2.840.10045.4.3.2", "ecdsa-with-SHA256", "SHA-256", .absent)
    add("1.2.840.10045.4.3.3", "ecdsa-with-SHA384", "SHA-384", .absent)
    add("1.2.840.10045.4.3.4", "ecdsa-with-SHA512", "SHA-512", .absent)
    add("1.2.840.10040.4.3", "dsa-with-SHA1", "SHA-1", .any)
    add("2.16.840.1.101.3.4.3.1", "dsa-with-SHA224", "SHA-224", .any)
    add("2.16.840.1.101.3.4.3.2", "dsa-with-SHA256", "SHA-256", .any)
    for (index, bits) in ["224", "256", "384", "512"].enumerated() {
      add("2.16.840.1.101.3.4.3.\(9 + index)", "ecdsa-with-SHA3-\(bits)", "SHA3-\(bits)", .absent)
      add("2.16.840.1.101.3.4.3.\(13 + index)", "rsa-with-SHA3-\(bits)", "SHA3-\(bits)", .any)
    }
    add("1.3.101.112", "Ed25519", nil, .absent)
    add("1.3.101.113", "Ed448", nil, .absent)
    for (index, name) in ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"].enumerated() {
      add("2.16.840.1.101.3.4.3.\(17 + index)", name, nil, .absent)
    }
    for (index, name) in KeyAlgorithm.statelessHashNames.enumerated() {
      add("2.16.840.1.101.3.4.3.\(20 + index)", name, nil, .absent)
    }
    return table
  }()

  /// Digests whose collisions are known or too cheap.
  static let weakDigests: Set<String> = ["MD2", "MD4", "MD5", "SHA-1", "SHA-224"]

  /// Digests by the identifiers that RSASSA-PSS parameters carry (RFC 4055 section 2.1).
  static let digestByOID: [OID: String] = [
    OID("1.3.14.3.2.26"): "SHA-1", OID("2.16.840.1.101.3.4.2.4"): "SHA-224",
    OID("2.16.840.1.101.3.4.2.1"): "SHA-256", OID("2.16.840.1.101.3.4.2.2"): "SHA-384",
    OID("2.16.840.1.101.3.4.2.3"): "SHA-512", OID("1.2.840.113549.2.5"): "MD5",
  ]
}

/// The public key algorithms and curves that certificates are met with.
enum KeyAlgorithm {
  static let statelessHashNames = [
    "SLH-DSA-SHA2-128s", "SLH-DSA-SHA2-128f", "SLH-DSA-SHA2-192s", "SLH-DSA-SHA2-192f",
    "SLH-DSA-SHA2-256s", "SLH-DSA-SHA2-256f", "SLH-DSA-SHAKE-128s", "SLH-DSA-SHAKE-128f",
    "SLH-DSA-SHAKE-192s", "SLH-DSA-SHAKE-192f", "SLH-DSA-SHAKE-256s", "SLH-DSA-SHAKE-256f",
  ]

  static let nameByOID: [OID: String] = {
    var table: [OID: String] = [
      OID("1.2.840.113549.1.1.1"): "RSA", OID("1.2.840.113549.1.1.10"): "RSASSA-PSS",
      OID("1.2.840.10045.2.1"): "EC", OID("1.2.840.10040.4.1"): "DSA",
      OID("1.3.101.110"): "X25519", OID("1.3.101.111"): "X448", OID("1.3.101.112"): "Ed25519",
      OID("1.3.101.113"): "Ed448", OID("2.16.840.1.101.3.4.3.17"): "ML-DSA-44",
      OID("2.16.840.1.101.3.4.3.18"): "ML-DSA-65", OID("2.16.840.1.101.3.4.3.19"): "ML-DSA-87",
    ]
    for (index, name) in statelessHashNames.enumerated() {
      table[OID("2.16.840.1.101.3.4.3.\(20 + index)")] = name
    }
    return table
  }()

  struct Curve {
    var name: String
    var bits: Int
    /// P-256, P-384 and P-521 (FIPS 186-5): what meshes and their crypto libraries support.
    var isUsual: Bool
  }

  static let curveByOID: [OID: Curve] = [
    OID("1.2.840.10045.3.1.7"): Curve(name: "P-256", bits: 256, isUsual: true),
    OID("1.3.132.0.34"): Curve(name: "P-384", bits: 384, isUsual: true),
    OID("1.3.132.0.35"): Curve(name: "P-521", bits: 521, isUsual: true),
    OID("1.3.132.0.33"): Curve(name: "P-224", bits: 224, isUsual: false),
    OID("1.2.840.10045.3.1.1"): Curve(name: "P-192", bits: 192, isUsual: false),
    OID("1.3.132.0.10"): Curve(name: "secp256k1", bits: 256, isUsual: false),
    OID("1.3.36.3.3.2.8.1.1.7"): Curve(name: "brainpoolP256r1", bits: 256, isUsual: false),
    OID("1.3.36.3.3.2.8.1.1.11"): Curve(name: "brainpoolP384r1", bits: 384, isUsual: false),
    OID("1.3.36.3.3.2.8.1.1.13"): Curve(name: "brainpoolP512r1", bits: 512, isUsual: false),
  ]
}
