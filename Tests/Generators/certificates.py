"""Writes the corpus of odd certificates: Tests/Data/certificates/corpus and corpus.json beside it.

    python3 Tests/Generators/certificates.py

Deterministic (keys from seeds, RFC 6979 signatures); needs PyPI `cryptography` 43 or later. Each case
says by hand what must be read from it; nothing in corpus.json comes from the reader under test. Where
`cryptography` itself can read a case, the generator checks the expectation against it.
The cases follow the list of checks in RFC 5280, X.690 and the SPIFFE X.509-SVID standard.
"""

import base64
import hashlib
import json
import os
import sys
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "samples", "generator"))

from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: E402
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: E402
from cryptography.hazmat.primitives.serialization import pkcs7  # noqa: E402

import mesh_certificates as mesh  # noqa: E402

OUT = os.path.join(ROOT, "Tests", "Data", "certificates", "corpus")
SPIFFE = "spiffe://prod.example/ns/agents/sa/planner"


# DER, written by hand so that it can be written wrongly.

def tlv(tag, content, length=None):
    if length is None:
        n = len(content)
        if n < 0x80:
            length = bytes([n])
        else:
            digits = n.to_bytes((n.bit_length() + 7) // 8, "big")
            length = bytes([0x80 | len(digits)]) + digits
    return bytes([tag]) + length + content


def seq(*parts):
    return tlv(0x30, b"".join(parts))


def integer(n):
    size = (n.bit_length() // 8) + 1 if n >= 0 else ((n + 1).bit_length() // 8) + 1
    return tlv(2, n.to_bytes(size, "big", signed=True))


def oid(dotted):
    arcs = [int(a) for a in dotted.split(".")]
    out = b""
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        part = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            part.insert(0, 0x80 | arc & 0x7F)
        out += bytes(part)
    return tlv(6, out)


def bits(data, unused=0):
    return tlv(3, bytes([unused]) + data)


def octets(data):
    return tlv(4, data)


def rdn(kind, value, tag=0x0C):
    return tlv(0x31, seq(oid(kind), tlv(tag, value)))


def utc(text):
    return tlv(0x17, text.encode())


def generalized(text):
    return tlv(0x18, text.encode())


TRUE, NULL = b"\x01\x01\xff", b"\x05\x00"
CN, O, OU, C = "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.6"
ECDSA_SHA256 = seq(oid("1.2.840.10045.4.3.2"))
RSA_SHA256 = seq(oid("1.2.840.113549.1.1.11"), NULL)

ISSUER_KEY = mesh.make_key("corpus issuer")
LEAF_KEY = mesh.make_key("corpus leaf")
ISSUER = seq(rdn(O, b"prod.example"), rdn(CN, b"corpus issuer"))
ISSUER_TEXT = "CN=corpus issuer,O=prod.example"


def spki_of(key):
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def key_id(key):
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest


def extension(dotted, value, critical=False, raw_critical=None):
    flag = raw_critical if raw_critical is not None else (TRUE if critical else b"")
    return seq(oid(dotted), flag, octets(value))


def key_usage(data=b"\x80", unused=7, critical=True):
    return extension("2.5.29.15", bits(data, unused), critical)


EKU_BOTH = extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2")))
BC_LEAF = extension("2.5.29.19", seq(), True)
BC_CA = extension("2.5.29.19", seq(TRUE), True)
SKI = extension("2.5.29.14", octets(key_id(LEAF_KEY)))
AKI = extension("2.5.29.35", seq(tlv(0x80, key_id(ISSUER_KEY))))


def san(*names, critical=True):
    return extension("2.5.29.17", seq(*names), critical)


def uri(text):
    return tlv(0x86, text if isinstance(text, bytes) else text.encode())


def dns(text):
    return tlv(0x82, text if isinstance(text, bytes) else text.encode())


URI_SAN = san(uri(SPIFFE))
CA_SAN = san(uri("spiffe://prod.example"))
CA_FACTS = {"uri": ["spiffe://prod.example"], "spiffeID": "spiffe://prod.example",
            "role": "intermediate", "isCA": True}
BASE = {"ku": key_usage(), "eku": EKU_BOTH, "bc": BC_LEAF, "ski": SKI, "aki": AKI, "san": URI_SAN}
SERIAL = 0x5A11CE00112233445566778899AABBCC


def extensions(**changes):
    parts = {**BASE, **changes}
    return [part for part in parts.values() if part is not None]


def make(version=b"\xa0\x03\x02\x01\x02", serial=None, algorithm=ECDSA_SHA256, outer=None,
         issuer=ISSUER, validity=None, subject=seq(), spki=None, ids=b"", exts=None, tail=b"",
         signature=None, after=b""):
    """A certificate out of raw parts, signed by the issuer's key unless `signature` is given."""
    if exts is None:
        exts = extensions()
    listed = tlv(0xA3, seq(*exts)) if isinstance(exts, list) else exts
    tbs = seq(
        version, integer(SERIAL) if serial is None else serial, algorithm, issuer,
        validity or seq(utc("260820100000Z"), utc("260821100000Z")), subject,
        spki or spki_of(LEAF_KEY), ids, listed, tail)
    if signature is None:
        signature = ISSUER_KEY.sign(tbs, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return seq(tbs, outer or algorithm, bits(signature), after)


def rsa_spki(modulus, exponent=65537, parameters=NULL, algorithm="1.2.840.113549.1.1.1"):
    key = seq(integer(modulus), integer(exponent))
    return seq(seq(oid(algorithm), parameters), bits(key))


def modulus(size, label="corpus"):
    """An odd number of exactly `size` bits without a prime factor below 30."""
    data = b""
    while len(data) * 8 < size:
        data += hashlib.sha512(f"{label}:{size}:{len(data)}".encode()).digest()
    number = int.from_bytes(data[: (size + 7) // 8], "big") >> (-size % 8)
    number |= (1 << (size - 1)) | 1
    while any(number % p == 0 for p in (3, 5, 7, 11, 13, 17, 19, 23, 29)):
        number += 2
    return number


def ec_spki(curve, point, parameters=None):
    return seq(seq(oid("1.2.840.10045.2.1"), parameters or oid(curve)), bits(point))


def point(label, size, lead=b"\x04", count=2):
    data = b"".join(hashlib.sha512(f"{label}{i}".encode()).digest() for i in range(8))
    return lead + data[: size * count]


CASES = []
BASE_FACTS = {
    "version": 3, "serial": "5a11ce00112233445566778899aabbcc", "subject": "", "issuer": ISSUER_TEXT,
    "notBefore": "2026-08-20T10:00:00Z", "notAfter": "2026-08-21T10:00:00Z",
    "keyAlgorithm": "EC", "keySize": 256, "curve": "P-256",
    "signatureAlgorithm": "ecdsa-with-SHA256", "signatureDigest": "SHA-256",
    "uri": [SPIFFE], "dns": [], "isSANCritical": True, "isCA": False, "hasBasicConstraints": True,
    "keyUsages": ["digitalSignature"], "isKeyUsageCritical": True,
    "extendedKeyUsages": ["serverAuth", "clientAuth"],
    "subjectKeyID": key_id(LEAF_KEY).hex(), "authorityKeyID": key_id(ISSUER_KEY).hex(),
    "hasNameConstraints": False, "hasCRLDistributionPoints": False, "hasAuthorityInfoAccess": False,
    "isSelfIssued": False, "role": "leaf", "spiffeID": SPIFFE,
}


def case(name, der, anomalies=(), status="complete", diagnostics=(), extent=None, **facts):
    """One DER file with what must be read from it; facts not given are those of the base."""
    expected = {**BASE_FACTS, **facts} if status != "failed" else dict(facts)
    digest = hashlib.sha256(der if extent is None else der[:extent]).hexdigest()
    expected["sha256"] = digest
    if status == "partial" and not diagnostics:
        diagnostics = ["certificate-partial"]
    CASES.append({
        "file": name + ".der", "status": status, "anomalies": list(anomalies),
        "diagnostics": list(diagnostics), "facts": expected, "bytes": der,
    })


def file_case(name, data, rows=0, keys=0, diagnostics=(), **more):
    """A whole file: how many rows, keys and which diagnostics must come out."""
    CASES.append({
        "file": name, "rows": rows, "keys": keys, "diagnostics": list(diagnostics), "bytes": data,
        **more,
    })


def encoding_cases():
    base = make()
    case("base", base)
    case("truncated", base[:-20], ["truncated"], "partial")
    case("truncated-in-signed-part", base[:120], ["truncated"], "partial",
         notAfter=None, subject=None, spiffeID=None, keyAlgorithm=None, keySize=None, curve=None,
         keyUsages=None, extendedKeyUsages=None, isCA=None, hasBasicConstraints=None, uri=None,
         isSANCritical=None, isKeyUsageCritical=None, subjectKeyID=None, authorityKeyID=None,
         hasNameConstraints=None, hasCRLDistributionPoints=None, hasAuthorityInfoAccess=None,
         isSelfIssued=None, role="unknown", dns=None, notBefore=None)
    case("trailing-bytes", base + b"\x00\x01\x02", ["trailing-bytes"], extent=len(base))
    content = base[4:]
    case("indefinite-length", b"\x30\x80" + content + b"\x00\x00", ["indefinite-length"], "failed",
         ["certificate-unreadable"])
    case("non-minimal-length", b"\x30\x83" + len(content).to_bytes(3, "big") + content,
         ["non-minimal-length"])
    deep = b""
    for _ in range(3000):
        deep = tlv(0x30, deep)
    case("deep-nesting", make(subject=deep), ["malformed-structure"], "partial", subject=None)
    case("boolean-01", make(exts=extensions(
        bc=extension("2.5.29.19", seq(b"\x01\x01\x01"), True),
        ku=key_usage(b"\x04", 2), san=CA_SAN)), ["non-der-boolean"],
        keyUsages=["keyCertSign"], **CA_FACTS)
    case("explicit-false", make(exts=extensions(
        bc=extension("2.5.29.19", seq(b"\x01\x01\x00"), True))), ["explicit-default"])
    case("critical-explicit-false", make(exts=extensions(
        eku=extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2")),
                      raw_critical=b"\x01\x01\x00"))), ["explicit-default"])
    case("key-usage-padding", make(exts=extensions(ku=key_usage(b"\x80\x00", 0))),
         ["non-der-bit-string"])
    case("tbs-trailing-element", make(tail=seq(integer(1))), ["malformed-structure"], "partial")
    case("element-after-signature", make(after=integer(1)), ["malformed-structure"], "partial")
    case("long-tag", make(subject=b"\x30\x04\x3f\x81\x01\x00"), ["malformed-structure"], "partial",
         subject=None)


def version_and_serial_cases():
    case("version-1", make(version=b"", exts=b""), ["version-not-3", "nameless",
                                                    "without-authority-key-id"],
         version=1, uri=[], spiffeID=None, isSANCritical=None, isCA=None, hasBasicConstraints=False,
         keyUsages=[], isKeyUsageCritical=None, extendedKeyUsages=[], subjectKeyID=None,
         authorityKeyID=None)
    case("version-1-with-extensions", make(version=b""),
         ["version-not-3", "extensions-without-version-3"], version=1)
    case("version-1-explicit", make(version=b"\xa0\x03\x02\x01\x00"),
         ["explicit-default", "version-not-3", "extensions-without-version-3"], version=1)
    case("version-2", make(version=b"\xa0\x03\x02\x01\x01"),
         ["version-not-3", "extensions-without-version-3"], version=2)
    case("version-4", make(version=b"\xa0\x03\x02\x01\x03"),
         ["version-not-3", "unknown-version", "extensions-without-version-3"], version=4)
    case("serial-zero", make(serial=integer(0)), ["serial-zero", "serial-short"], serial="00")
    case("serial-negative", make(serial=integer(-0x1234567890ABCDEF12)), ["serial-negative"],
         serial="-1234567890abcdef12")
    case("serial-one", make(serial=integer(1)), ["serial-short"], serial="01")
    case("serial-30-bytes", make(serial=tlv(2, b"\x11" * 30)), ["serial-too-long"],
         serial="11" * 30)
    case("serial-non-minimal", make(serial=tlv(2, b"\x00\x00" + b"\x22" * 10)),
         ["non-minimal-integer"], serial="22" * 10)
    case("serial-empty", make(serial=tlv(2, b"")), ["malformed-structure"], "partial", serial=None)
    case("unique-identifiers", make(ids=tlv(0x81, b"\x00\x01") + tlv(0x82, b"\x00\x02")),
         ["unique-identifier"])


def signature_cases():
    def with_algorithm(name, algorithm, anomalies, **facts):
        case(name, make(algorithm=algorithm), anomalies, **facts)

    with_algorithm("signature-sha1-rsa", seq(oid("1.2.840.113549.1.1.5"), NULL),
                   ["signature-digest-weak"],
                   signatureAlgorithm="sha1WithRSAEncryption", signatureDigest="SHA-1")
    with_algorithm("signature-md5-rsa", seq(oid("1.2.840.113549.1.1.4"), NULL),
                   ["signature-digest-weak"],
                   signatureAlgorithm="md5WithRSAEncryption", signatureDigest="MD5")
    with_algorithm("signature-ecdsa-sha1", seq(oid("1.2.840.10045.4.1")),
                   ["signature-digest-weak"],
                   signatureAlgorithm="ecdsa-with-SHA1", signatureDigest="SHA-1")
    with_algorithm("signature-ecdsa-sha224", seq(oid("1.2.840.10045.4.3.1")),
                   ["signature-digest-weak"],
                   signatureAlgorithm="ecdsa-with-SHA224", signatureDigest="SHA-224")
    with_algorithm("signature-ecdsa-null", seq(oid("1.2.840.10045.4.3.2"), NULL),
                   ["signature-parameters"])
    with_algorithm("signature-rsa-without-null", seq(oid("1.2.840.113549.1.1.11")),
                   ["signature-parameters"], signatureAlgorithm="sha256WithRSAEncryption")
    digest = tlv(0xA0, seq(oid("2.16.840.1.101.3.4.2.1"), NULL))
    with_algorithm("signature-pss-sha256", seq(oid("1.2.840.113549.1.1.10"), seq(digest)), [],
                   signatureAlgorithm="RSASSA-PSS", signatureDigest="SHA-256")
    with_algorithm("signature-pss-default", seq(oid("1.2.840.113549.1.1.10"), seq()),
                   ["signature-digest-weak"],
                   signatureAlgorithm="RSASSA-PSS", signatureDigest="SHA-1")
    with_algorithm("signature-ed25519", seq(oid("1.3.101.112")), [],
                   signatureAlgorithm="Ed25519", signatureDigest=None)
    with_algorithm("signature-ml-dsa", seq(oid("2.16.840.1.101.3.4.3.18")), [],
                   signatureAlgorithm="ML-DSA-65", signatureDigest=None)
    with_algorithm("signature-unknown", seq(oid("1.3.6.1.4.1.99999.1")),
                   ["signature-algorithm-unknown"],
                   signatureAlgorithm="1.3.6.1.4.1.99999.1", signatureDigest=None)
    case("signature-mismatch", make(outer=seq(oid("1.2.840.10045.4.3.3"))),
         ["signature-algorithm-mismatch"])
    case("signature-garbage", make(signature=b"not a signature"))


def name_cases():
    def with_subject(name, subject, text, anomalies=(), cn=None, **facts):
        case(name, make(subject=subject), anomalies, subject=text, subjectCommonName=cn, **facts)

    with_subject("name-escapes", seq(rdn(O, b'A, "B" + C; \\ = x'), rdn(CN, b"# lead and trail ")),
                 'CN=\\# lead and trail\\ ,O=A\\, \\"B\\" \\+ C\\; \\\\ = x', cn="# lead and trail ")
    with_subject("name-markup", seq(rdn(CN, b"<script>alert(1)</script>")),
                 "CN=\\<script\\>alert(1)\\</script\\>", ["name-markup"],
                 cn="<script>alert(1)</script>")
    with_subject("name-control", seq(rdn(CN, b"a\x1b[31m\x00b\x07")),
                 "CN=a\\1B[31m\\00b\\07", ["name-control-character"], cn="a\\x1b[31m\\x00b\\x07")
    with_subject("name-bad-utf8", seq(rdn(CN, b"caf\xff\xfe")), "CN=caf\\FF\\FE",
                 ["name-encoding"], cn="caf\\xff\\xfe")
    with_subject("name-utf8", seq(rdn(CN, "Zürich 東京".encode())), "CN=Zürich 東京",
                 cn="Zürich 東京")
    with_subject("name-printable-at", seq(rdn(CN, b"a@b", 0x13)), "CN=a@b", ["name-encoding"],
                 cn="a@b")
    with_subject("name-bmp", seq(rdn(CN, "Mesh Ä".encode("utf-16-be"), 0x1E)), "CN=Mesh Ä",
                 ["name-string-type"], cn="Mesh Ä")
    with_subject("name-teletex", seq(rdn(CN, b"caf\xe9", 0x14)), "CN=café", ["name-string-type"],
                 cn="café")
    with_subject("name-bit-string", seq(rdn(CN, b"\x00abc", 0x03)), "CN=#030400616263",
                 ["name-encoding"])
    with_subject("name-multi-valued", seq(
        rdn(C, b"DE", 0x13),
        tlv(0x31, seq(oid(OU), tlv(0x0C, b"agents")) + seq(oid(CN), tlv(0x0C, b"planner")))),
        "OU=agents+CN=planner,C=DE", cn="planner")
    with_subject("name-unknown-type", seq(rdn("1.2.840.113549.1.9.1", b"a@b.example", 0x16)),
                 "1.2.840.113549.1.9.1=a@b.example")
    case("issuer-empty", make(issuer=seq()), ["issuer-empty"], issuer="", isSelfIssued=True)
    case("subject-is-string", make(subject=tlv(0x0C, b"planner")), ["malformed-structure"],
         "partial", **nothing_after_validity())
    case("spire-subject", make(subject=seq(rdn(C, b"US", 0x13), rdn(O, b"SPIRE")),
                               exts=extensions(san=san(uri(SPIFFE), critical=False))),
         subject="O=SPIRE,C=US", isSANCritical=False)


def nothing_after_validity():
    return {key: None for key in [
        "subject", "spiffeID", "keyAlgorithm", "keySize", "curve", "keyUsages",
        "extendedKeyUsages", "isCA", "hasBasicConstraints", "uri", "dns", "isSANCritical",
        "isKeyUsageCritical", "subjectKeyID", "authorityKeyID", "hasNameConstraints",
        "hasCRLDistributionPoints", "hasAuthorityInfoAccess", "isSelfIssued"]} | {"role": "unknown"}


def time_cases():
    def with_validity(name, start, stop, anomalies=(), status="complete", **facts):
        case(name, make(validity=seq(start, stop)), anomalies, status, **facts)

    good = utc("260820100000Z")
    with_validity("time-no-seconds", good, utc("2608211000Z"), ["time-malformed"], "partial",
                  notAfter=None)
    with_validity("time-offset", good, utc("260821120000+0200"), ["time-malformed"], "partial",
                  notAfter=None)
    with_validity("time-february-30", good, utc("270230100000Z"), ["time-malformed"], "partial",
                  notAfter=None)
    with_validity("time-both-broken", utc("x"), generalized(""), ["time-malformed"], "partial",
                  notBefore=None, notAfter=None)
    with_validity("time-generalized-early", good, generalized("20260821100000Z"), ["time-type"])
    with_validity("time-fraction", good, generalized("20560821100000.5Z"), ["time-fraction"],
                  notAfter="2056-08-21T10:00:00Z")
    with_validity("time-9999", good, generalized("99991231235959Z"),
                  notAfter="9999-12-31T23:59:59Z")
    with_validity("time-1950", utc("500101000000Z"), utc("491231235959Z"),
                  notBefore="1950-01-01T00:00:00Z", notAfter="2049-12-31T23:59:59Z")
    with_validity("time-year-0", generalized("00000101000000Z"), good,
                  notBefore="0000-01-01T00:00:00Z", notAfter="2026-08-20T10:00:00Z")
    with_validity("time-reversed", utc("260821100000Z"), good, ["validity-not-positive"],
                  notBefore="2026-08-21T10:00:00Z", notAfter="2026-08-20T10:00:00Z")
    with_validity("time-integer", integer(5), utc("260821100000Z"), ["time-malformed"], "partial",
                  notBefore=None)
    with_validity("time-second-60", good, utc("260821100060Z"), ["time-malformed"], "partial",
                  notAfter=None)


def key_cases():
    def with_key(name, spki, anomalies, status="complete", **facts):
        facts.setdefault("curve", None)
        case(name, make(spki=spki), anomalies, status, **facts)

    for size, codes in [(512, ["key-rsa-short"]), (1024, ["key-rsa-short"]), (2048, []),
                        (2056, []), (2047, ["key-rsa-short", "key-rsa-odd-size"]),
                        (16384, ["key-rsa-long"])]:
        with_key(f"key-rsa-{size}", rsa_spki(modulus(size)), codes, keyAlgorithm="RSA",
                 keySize=size, rsaExponent="65537")
    for exponent in (1, 3, 65536):
        with_key(f"key-rsa-exponent-{exponent}", rsa_spki(modulus(2048), exponent),
                 ["key-rsa-exponent"], keyAlgorithm="RSA", keySize=2048, rsaExponent=str(exponent))
    with_key("key-rsa-exponent-long", rsa_spki(modulus(2048), (1 << 80) + 1), [],
             keyAlgorithm="RSA", keySize=2048, rsaExponent="0x0100000000000000000001")
    with_key("key-rsa-small-factor", rsa_spki(modulus(2044, "factor") * 13),
             ["key-rsa-small-factor"], keyAlgorithm="RSA", keySize=2048, rsaExponent="65537")
    with_key("key-rsa-no-null", rsa_spki(modulus(2048), parameters=b""), ["key-parameters"],
             keyAlgorithm="RSA", keySize=2048, rsaExponent="65537")
    with_key("key-rsa-pss", rsa_spki(modulus(2048), parameters=b"",
                                     algorithm="1.2.840.113549.1.1.10"),
             ["key-algorithm-unusual"], keyAlgorithm="RSASSA-PSS", keySize=2048,
             rsaExponent="65537")
    for name, curve, size, bit_count in [
            ("p224", "1.3.132.0.33", 28, 224), ("secp256k1", "1.3.132.0.10", 32, 256),
            ("brainpool", "1.3.36.3.3.2.8.1.1.7", 32, 256)]:
        printed = {"p224": "P-224", "brainpool": "brainpoolP256r1"}.get(name, name)
        with_key(f"key-{name}", ec_spki(curve, point(name, size)), ["key-curve-unusual"],
                 curve=printed, keySize=bit_count)
    p256 = "1.2.840.10045.3.1.7"
    for kind, label, size in [("p384", "P-384", 384), ("p521", "P-521", 521)]:
        with_key(f"key-{kind}", spki_of(mesh.make_key("corpus", kind)), [], curve=label,
                 keySize=size)
    encoded = LEAF_KEY.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    with_key("key-compressed", ec_spki(p256, encoded), ["key-point-compressed"], curve="P-256")
    with_key("key-off-curve", ec_spki(p256, point("off", 32)), ["key-point-invalid"],
             curve="P-256")
    with_key("key-short-point", ec_spki(p256, b"\x04" + b"\x01" * 40), ["key-point-invalid"],
             curve="P-256")
    with_key("key-explicit-parameters", ec_spki(p256, point("x", 32), seq(integer(1), seq())),
             ["key-explicit-parameters"], curve="explicit", keySize=None)
    with_key("key-curve-unknown", ec_spki("1.3.132.0.1", point("x", 21)), ["key-curve-unusual"],
             curve="1.3.132.0.1", keySize=None)
    with_key("key-ed25519", spki_of(mesh.make_key("corpus", "ed25519")), [],
             keyAlgorithm="Ed25519", keySize=256)
    with_key("key-ed448", seq(seq(oid("1.3.101.113")), bits(b"\x07" * 57)),
             ["key-algorithm-unusual"], keyAlgorithm="Ed448", keySize=456)
    with_key("key-ml-dsa", seq(seq(oid("2.16.840.1.101.3.4.3.18")), bits(b"\x09" * 1952)),
             ["key-algorithm-unusual"], keyAlgorithm="ML-DSA-65", keySize=None)
    with_key("key-dsa", seq(seq(oid("1.2.840.10040.4.1"),
                                seq(integer(modulus(1024)), integer(modulus(160)), integer(2))),
                            bits(integer(modulus(1023)))),
             ["key-algorithm-unusual"], keyAlgorithm="DSA", keySize=1024)
    with_key("key-unknown", seq(seq(oid("1.3.6.1.4.1.99999.2")), bits(b"x")),
             ["key-algorithm-unusual"], keyAlgorithm="1.3.6.1.4.1.99999.2", keySize=None)
    with_key("key-rsa-broken", seq(seq(oid("1.2.840.113549.1.1.1"), NULL), bits(b"\x02\x01\x05")),
             ["malformed-structure"], "partial", keyAlgorithm="RSA", keySize=None)


def extension_cases():
    case("ext-duplicate", make(exts=extensions() + [BC_CA]), ["duplicate-extension"],
         duplicateExtensions=["2.5.29.19"])
    case("ext-unknown-critical", make(exts=extensions(
        x=extension("1.3.6.1.4.1.99999.3", b"\x05\x00", True))), ["unknown-critical-extension"],
        unknownCriticalExtensions=["1.3.6.1.4.1.99999.3"])
    case("ext-unknown", make(exts=extensions(x=extension("1.3.6.1.4.1.99999.3", b"\x05\x00"))))
    case("ext-forty", make(exts=extensions() + [
        extension(f"1.3.6.1.4.1.99999.4.{n}", NULL) for n in range(40)]), ["too-many-extensions"])
    case("ext-empty-list", make(exts=tlv(0xA3, seq())),
         ["extensions-empty", "nameless", "without-authority-key-id"],
         uri=[], spiffeID=None, isSANCritical=None, isCA=None, hasBasicConstraints=False,
         keyUsages=[], isKeyUsageCritical=None, extendedKeyUsages=[], subjectKeyID=None,
         authorityKeyID=None)
    case("ext-basic-constraints-broken", make(exts=extensions(
        bc=extension("2.5.29.19", b"\x04\x00", True))),
        ["malformed-structure", "extension-malformed"], "partial", isCA=None,
        hasBasicConstraints=None)
    case("ext-key-usage-broken", make(exts=extensions(ku=extension("2.5.29.15", b"\x03\x00", True))),
         ["extension-malformed"], "partial", keyUsages=None)
    case("ext-key-usage-empty", make(exts=extensions(ku=key_usage(b"", 0))), ["key-usage-empty"],
         keyUsages=[])
    case("ext-key-usage-not-critical", make(exts=extensions(ku=key_usage(critical=False))),
         ["key-usage-not-critical"], isKeyUsageCritical=False)
    case("ext-key-usage-absent", make(exts=extensions(ku=None)), keyUsages=[],
         isKeyUsageCritical=None)
    case("ext-key-usage-all", make(exts=extensions(ku=key_usage(b"\xff\x80", 7))),
         ["key-cert-sign-without-ca", "key-usage-unfit-for-key"], keyUsages=mesh.KEY_USAGES)
    case("istio-ecdsa-leaf", make(exts=extensions(ku=key_usage(b"\xa0", 5))),
         ["key-usage-unfit-for-key"], keyUsages=["digitalSignature", "keyEncipherment"])
    case("leaf-may-sign", make(exts=extensions(ku=key_usage(b"\x86", 1))),
         ["key-cert-sign-without-ca"], keyUsages=["digitalSignature", "keyCertSign", "cRLSign"])
    case("leaf-is-ca", make(exts=extensions(bc=BC_CA)), ["ca-without-key-cert-sign"], isCA=True)
    case("ca-not-critical", make(exts=extensions(
        bc=extension("2.5.29.19", seq(TRUE)), ku=key_usage(b"\x04", 2), san=CA_SAN)),
        ["basic-constraints-not-critical"], keyUsages=["keyCertSign"], **CA_FACTS)
    case("ca-path-length", make(exts=extensions(
        bc=extension("2.5.29.19", seq(TRUE, integer(3)), True), ku=key_usage(b"\x06", 1),
        san=CA_SAN)), pathLength=3, keyUsages=["keyCertSign", "cRLSign"], **CA_FACTS)
    case("ca-spiffe-path", make(exts=extensions(
        bc=BC_CA, ku=key_usage(b"\x06", 1), san=san(uri("spiffe://prod.example/ca")))),
        keyUsages=["keyCertSign", "cRLSign"],
        **{**CA_FACTS, "uri": ["spiffe://prod.example/ca"], "spiffeID": "spiffe://prod.example/ca"})
    case("ca-without-ski", make(exts=extensions(bc=BC_CA, ku=key_usage(b"\x04", 2), ski=None,
                                                san=CA_SAN)),
         ["ca-without-subject-key-id"], keyUsages=["keyCertSign"], subjectKeyID=None, **CA_FACTS)
    case("ca-self-issued", make(subject=ISSUER, exts=extensions(
        bc=BC_CA, ku=key_usage(b"\x06", 1), aki=None, san=None, eku=None)),
        subject=ISSUER_TEXT, subjectCommonName="corpus issuer", isCA=True,
        keyUsages=["keyCertSign", "cRLSign"], extendedKeyUsages=[], uri=[], spiffeID=None,
        isSANCritical=None, authorityKeyID=None, isSelfIssued=True, role="anchor")
    case("path-length-without-ca", make(exts=extensions(
        bc=extension("2.5.29.19", seq(integer(0)), True))), ["path-length-without-ca"],
        pathLength=0)
    case("without-basic-constraints", make(exts=extensions(bc=None)), isCA=None,
         hasBasicConstraints=False)
    case("without-aki", make(exts=extensions(aki=None)), ["without-authority-key-id"],
         authorityKeyID=None)
    case("eku-empty", make(exts=extensions(eku=extension("2.5.29.37", seq()))),
         ["extended-key-usage-empty"], extendedKeyUsages=[])
    case("eku-any", make(exts=extensions(eku=extension("2.5.29.37", seq(oid("2.5.29.37.0"))))),
         ["extended-key-usage-any"], extendedKeyUsages=["anyExtendedKeyUsage"])
    case("eku-odd", make(exts=extensions(eku=extension("2.5.29.37", seq(
        oid("1.3.6.1.5.5.7.3.3"), oid("1.3.6.1.4.1.99999.5"))))),
        extendedKeyUsages=["codeSigning", "1.3.6.1.4.1.99999.5"])
    constraint = seq(tlv(0xA0, seq(tlv(0x86, b"prod.example"))))
    case("name-constraints-in-leaf", make(exts=extensions(
        x=extension("2.5.29.30", constraint, True))), ["name-constraints-in-leaf"],
        hasNameConstraints=True)
    case("name-constraints-not-critical", make(exts=extensions(
        bc=BC_CA, ku=key_usage(b"\x04", 2), x=extension("2.5.29.30", constraint), san=CA_SAN)),
        ["name-constraints-not-critical"], keyUsages=["keyCertSign"], hasNameConstraints=True,
        **CA_FACTS)
    case("crl-and-aia", make(exts=extensions(
        crl=extension("2.5.29.31", seq(seq(tlv(0xA0, tlv(0xA0, uri("http://crl.example/a")))))),
        aia=extension("1.3.6.1.5.5.7.1.1", seq(seq(oid("1.3.6.1.5.5.7.48.1"),
                                                   uri("http://ocsp.example")))))),
        hasCRLDistributionPoints=True, hasAuthorityInfoAccess=True)


def san_cases():
    def with_san(name, names, anomalies=(), critical=True, **facts):
        facts.setdefault("spiffeID", None)
        case(name, make(exts=extensions(san=san(*names, critical=critical))), anomalies, **facts)

    with_san("san-not-critical", [uri(SPIFFE)], ["san-not-critical"], critical=False,
             isSANCritical=False, spiffeID=SPIFFE)
    with_san("san-empty", [], ["san-empty"], uri=[])
    with_san("san-two-uris", [uri(SPIFFE), uri("spiffe://prod.example/ns/a/sa/b")],
             uri=[SPIFFE, "spiffe://prod.example/ns/a/sa/b"])
    with_san("san-bad-utf8", [dns(b"caf\xe9.example")], ["san-encoding"], uri=[],
             dns=["caf\\xe9.example"])
    with_san("san-nul", [dns(b"good.example\x00.evil.example")], ["san-control-character"], uri=[],
             dns=["good.example\\x00.evil.example"])
    with_san("san-escape", [uri(b"spiffe://a/\x1b]0;x\x07")], ["san-control-character"],
             uri=["spiffe://a/\\x1b]0;x\\x07"])
    with_san("san-wildcard", [dns("*.agents.svc")], ["san-wildcard"], uri=[],
             dns=["*.agents.svc"])
    with_san("san-all-kinds", [
        uri(SPIFFE), dns("planner.agents.svc"), tlv(0x87, bytes([10, 1, 2, 3])),
        tlv(0x87, bytes.fromhex("20010db8000000000000000000000001")), tlv(0x81, b"a@b.example"),
        tlv(0xA4, seq(rdn(CN, b"dir"))), tlv(0x88, b"\x2a\x03"),
        tlv(0xA0, oid("1.3.6.1.4.1.311.20.2.3") + tlv(0xA0, tlv(0x0C, b"upn")))],
        spiffeID=SPIFFE, dns=["planner.agents.svc"], ip=["10.1.2.3", "2001:db8::1"],
        email=["a@b.example"], directory=["CN=dir"], other=["registeredID:1.2.3", "[0]"])
    with_san("san-ip-five-bytes", [tlv(0x87, b"\x01\x02\x03\x04\x05")], ["san-encoding"], uri=[],
             ip=["#0102030405"])
    with_san("san-many", [dns(f"h{n}.agents.svc") for n in range(300)], uri=[],
             dns=[f"h{n}.agents.svc" for n in range(300)])
    with_san("san-upper-case-scheme", [uri("SPIFFE://prod.example/a")],
             uri=["SPIFFE://prod.example/a"])
    with_san("san-trust-domain-only", [uri("spiffe://prod.example")], uri=["spiffe://prod.example"],
             spiffeID="spiffe://prod.example")
    identity = "web.agents.serviceaccount.identity.linkerd.cluster.local"
    case("linkerd-leaf", make(
        serial=integer(7), subject=seq(rdn(CN, identity.encode())),
        exts=[key_usage(b"\xa0", 5), EKU_BOTH, AKI, san(dns(identity), critical=False)]),
        ["serial-short", "key-usage-unfit-for-key"], serial="07", subject="CN=" + identity,
        subjectCommonName=identity, uri=[], dns=[identity], spiffeID=None, isSANCritical=False,
        isCA=None, hasBasicConstraints=False, subjectKeyID=None, identity=identity,
        keyUsages=["digitalSignature", "keyEncipherment"])


# Whole files.

def pem_text(der, label="CERTIFICATE", width=64, end="\n", end_label=None):
    text = base64.b64encode(der).decode()
    lines = [text[i:i + width] for i in range(0, len(text), width)] if width else [text]
    return end.join([f"-----BEGIN {label}-----", *lines, f"-----END {end_label or label}-----", ""])


def file_cases():
    one, two, three = (make(serial=integer(SERIAL + n)) for n in (1, 2, 3))
    plain = pem_text(one)
    both = plain + pem_text(two)
    file_case("pem-two.pem", both.encode(), 2, lines=[1, plain.count("\n") + 1])
    file_case("pem-crlf.pem", both.replace("\n", "\r\n").encode(), 2,
              lines=[1, plain.count("\n") + 1])
    file_case("pem-cr.pem", both.replace("\n", "\r").encode(), 2, lines=[1, plain.count("\n") + 1])
    file_case("pem-bom.pem", b"\xef\xbb\xbf" + plain.encode(), 1)
    file_case("pem-utf16le.pem", b"\xff\xfe" + plain.encode("utf-16-le"), 1)
    file_case("pem-utf16be.pem", b"\xfe\xff" + plain.encode("utf-16-be"), 1)
    file_case("pem-76-columns.pem", pem_text(one, width=76).encode(), 1)
    file_case("pem-one-line.pem", pem_text(one, width=0).encode(), 1)
    file_case("pem-single-line-escaped.pem", plain.replace("\n", "\\n").encode(), 1)
    file_case("pem-no-final-newline.pem", plain.rstrip().encode(), 1)
    file_case("pem-text-around.pem",
              ("# roots of prod\nsubject=x: y\n" + plain + "\nnext — the second one\n\n"
               + pem_text(two) + "bye\n").encode(), 2)
    file_case("pem-stray-bytes.pem", b"\xff\xfe?\x00\x80\n"[2:] + plain.encode() + b"\xf0\x28", 1)
    file_case("pem-blank-lines.pem", plain.replace("\n", "\n\n").encode(), 1)
    file_case("pem-indented.pem", ("    " + plain.replace("\n", "\n    ")).encode(), 1)
    file_case("pem-trailing-spaces.pem", plain.replace("\n", "  \t\n").encode(), 1)
    headers = plain.replace("CERTIFICATE-----\n", "CERTIFICATE-----\nX-Comment: a\n b\n\n", 1)
    file_case("pem-headers.pem", headers.encode(), 1)
    file_case("pem-x509-label.pem", pem_text(one, "X509 CERTIFICATE").encode(), 1)
    file_case("pem-trusted-label.pem", (pem_text(one, "TRUSTED CERTIFICATE") + plain).encode(), 1,
              diagnostics=["not-evaluated"])
    file_case("pem-end-label.pem", pem_text(one, end_label="CERT").encode(), 1,
              diagnostics=["pem-syntax"])
    broken = plain.replace(plain.split("\n")[3], "!!!" + plain.split("\n")[3][3:])
    file_case("pem-bad-base64-in-the-middle.pem", (plain + broken + pem_text(three)).encode(), 3,
              diagnostics=["pem-syntax", "certificate-partial"])
    file_case("pem-not-closed.pem", (plain.split("-----END")[0] + pem_text(two)).encode(), 2,
              diagnostics=["pem-syntax"])
    file_case("pem-cut.pem", (plain + pem_text(two))[:-300].encode(), 2,
              diagnostics=["pem-syntax", "certificate-partial"])
    file_case("pem-empty-block.pem",
              ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" + plain).encode(), 1,
              diagnostics=["certificate-unreadable"])
    file_case("pem-malformed-begin.pem",
              ("-----BEGIN CERTIFICATE---\nAAAA\n-----END CERTIFICATE-----\n" + plain).encode(), 2,
              diagnostics=["pem-syntax", "certificate-unreadable"])
    file_case("pem-stray-end.pem", ("-----END CERTIFICATE-----\n" + plain).encode(), 1,
              diagnostics=["pem-syntax"])
    other = seq(seq(oid("1.2.3"), integer(5)), integer(7), bits(b"x"))
    file_case("pem-other-der.pem", (pem_text(other) + plain).encode(), 2,
              diagnostics=["certificate-unreadable"])
    file_case("pem-not-der.pem", (pem_text(b"hello, world") + plain).encode(), 2,
              diagnostics=["certificate-unreadable"])

    key = mesh.make_key("corpus key file")
    pkcs8 = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                              serialization.NoEncryption())
    traditional = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption()).decode()
    rsa_key = mesh.make_key("corpus key file", "rsa2048").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption()).decode()
    # Wrapped by hand: real encryption would draw a salt and change with every run.
    encrypted = seq(seq(oid("1.2.840.113549.1.5.13"), seq()), octets(b"\x55" * 64))
    openssh = b"openssh-key-v1\0" + b"\0\0\0\x04none" + b"\0\0\0\x04none" + b"\x00" * 40
    openssh_locked = b"openssh-key-v1\0" + b"\0\0\0\x0aaes256-ctr" + b"\x00" * 40
    legacy = ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
              "DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n"
              + base64.b64encode(b"\x66" * 90).decode() + "\n-----END RSA PRIVATE KEY-----\n")
    private = "private-key-in-inventory"
    keys = [("pkcs8", pem_text(pkcs8, "PRIVATE KEY"), "pkcs8", False),
            ("ec", "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
             + traditional, "ec", False),
            ("rsa", rsa_key, "pkcs1", False),
            ("encrypted", pem_text(encrypted, "ENCRYPTED PRIVATE KEY"), "encrypted-pkcs8", True),
            ("rsa-encrypted", legacy, "pkcs1", True),
            ("openssh", pem_text(openssh, "OPENSSH PRIVATE KEY", 70), "openssh", False),
            ("openssh-encrypted", pem_text(openssh_locked, "OPENSSH PRIVATE KEY", 70), "openssh",
             True)]
    for name, text, kind, is_encrypted in keys:
        extra = ["not-evaluated"] if name == "ec" else []
        file_case(f"key-{name}.pem", (text + plain).encode(), 1, 1, extra + [private],
                  keyKinds=[kind], keyEncrypted=[is_encrypted])
    file_case("key-as-certificate.pem", (pem_text(pkcs8) + plain).encode(), 1, 1, [private],
              keyKinds=["pkcs8"], keyEncrypted=[False])
    file_case("key-pkcs8.der", pkcs8, 0, 1, [private], keyKinds=["pkcs8"], keyEncrypted=[False])
    file_case("key-encrypted.der", encrypted, 0, 1, [private], keyKinds=["encrypted-pkcs8"],
              keyEncrypted=[True])

    loaded = [x509.load_der_x509_certificate(der) for der in (one, two)]
    bundle = pkcs7.serialize_certificates(loaded, serialization.Encoding.DER)
    file_case("pkcs7.p7b", bundle, 2)
    file_case("pkcs7.pem", (pem_text(bundle, "PKCS7") + pem_text(three)).encode(), 3)
    file_case("pkcs7-encrypted.p7b",
              seq(oid("1.2.840.113549.1.7.3"), tlv(0xA0, seq(integer(0)))), 0,
              diagnostics=["container-unreadable"])
    pkcs12_cases(one, two, pkcs8, encrypted)
    file_case("keystore.jks", b"\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x00", 0,
              diagnostics=["not-evaluated"])
    request = (x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
               .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
               .public_bytes(serialization.Encoding.DER))
    file_case("request.der", request, 0, diagnostics=["not-evaluated"])
    file_case("request.pem", (pem_text(request, "CERTIFICATE REQUEST") + plain).encode(), 1,
              diagnostics=["not-evaluated"])
    crl = seq(seq(integer(1), ECDSA_SHA256, ISSUER, utc("260820100000Z"), utc("260920100000Z")),
              ECDSA_SHA256, bits(b"x"))
    file_case("crl.der", crl, 0)
    file_case("crl.pem", (pem_text(crl, "X509 CRL") + plain).encode(), 1)
    file_case("public-key.pem", (pem_text(spki_of(key), "PUBLIC KEY") + plain).encode(), 1,
              diagnostics=["not-evaluated"])
    file_case("der-three.der", one + two + three, 3)
    file_case("empty.pem", b"", 0, diagnostics=["not-a-certificate-inventory"])
    file_case("text.txt", b"no certificate here\n", 0, diagnostics=["not-a-certificate-inventory"])
    bad = pem_text(make()[:40]) + pem_text(make(version=b"\xa0\x03\x02\x01\x03"))
    file_case("bundle-mixed.pem", (plain + bad + pem_text(pkcs8, "PRIVATE KEY") + pem_text(two))
              .encode(), 4, 1, ["certificate-partial", private], keyKinds=["pkcs8"],
              keyEncrypted=[False], positions=[0, 1, 2, 4])


# PKCS#12 (RFC 7292), with salts and vectors that stay the same.

PKCS7_DATA, PKCS7_ENCRYPTED = oid("1.2.840.113549.1.7.1"), oid("1.2.840.113549.1.7.6")
BAGS = "1.2.840.113549.1.12.10.1."
SALT, VECTOR = bytes(range(8)), bytes(range(16))


def bag(kind, value):
    return seq(oid(BAGS + str(kind)), tlv(0xA0, value))


def certificate_bag(der, kind="1.2.840.113549.1.9.22.1"):
    return bag(3, seq(oid(kind), tlv(0xA0, octets(der))))


def plain_part(*bags):
    return seq(PKCS7_DATA, tlv(0xA0, octets(seq(*bags))))


def pbes2(password, plain, key_size, digest, rounds):
    """AlgorithmIdentifier and ciphertext of PBES2 with PBKDF2 and AES-CBC (RFC 8018)."""
    cipher_oid = {16: "2.16.840.1.101.3.4.1.2", 32: "2.16.840.1.101.3.4.1.42"}[key_size]
    key = hashlib.pbkdf2_hmac(digest, password, SALT, min(rounds, 4096), key_size)
    padding_size = 16 - len(plain) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(VECTOR)).encryptor()
    secret = encryptor.update(plain + bytes([padding_size]) * padding_size) + encryptor.finalize()
    parameters = octets(SALT) + integer(rounds)
    if digest != "sha1":  # the default
        parameters += seq(oid({"sha256": "1.2.840.113549.2.9", "sha512": "1.2.840.113549.2.11"}[digest]), NULL)
    algorithm = seq(oid("1.2.840.113549.1.5.13"), seq(
        seq(oid("1.2.840.113549.1.5.12"), seq(parameters)), seq(oid(cipher_oid), octets(VECTOR))))
    return algorithm, secret


def encrypted_part(algorithm, secret):
    return seq(PKCS7_ENCRYPTED, tlv(0xA0, seq(
        integer(0), seq(PKCS7_DATA, algorithm, tlv(0x80, secret)))))


def pfx(*parts):
    return seq(integer(3), seq(PKCS7_DATA, tlv(0xA0, octets(seq(*parts)))))


def pkcs12_cases(one, two, pkcs8, encrypted):
    both = seq(certificate_bag(one), certificate_bag(two))
    file_case("pkcs12.p12", pfx(plain_part(certificate_bag(one), certificate_bag(two))), 2)
    file_case("pkcs12-empty-password.p12",
              pfx(encrypted_part(*pbes2(b"", both, 32, "sha256", 2048)), plain_part(bag(2, encrypted))),
              2, 1, ["private-key-in-inventory"], keyKinds=["encrypted-pkcs8"], keyEncrypted=[True])
    file_case("pkcs12-empty-password-sha1.p12",
              pfx(encrypted_part(*pbes2(b"", both, 16, "sha1", 1))), 2)
    file_case("pkcs12-password.p12",
              pfx(encrypted_part(*pbes2(b"secret", both, 32, "sha512", 2048)), plain_part(bag(2, encrypted))),
              0, 1, ["not-evaluated", "private-key-in-inventory"], keyKinds=["encrypted-pkcs8"],
              keyEncrypted=[True])
    file_case("pkcs12-many-rounds.p12",
              pfx(encrypted_part(*pbes2(b"", both, 32, "sha256", 2_000_000_000))), 0,
              diagnostics=["not-evaluated"])
    old = seq(oid("1.2.840.113549.1.12.1.6"), seq(octets(SALT), integer(2048)))
    file_case("pkcs12-rc2.p12", pfx(encrypted_part(old, b"\x55" * 64)), 0, diagnostics=["not-evaluated"])
    file_case("pkcs12-open-key.p12", pfx(plain_part(bag(1, pkcs8), certificate_bag(one))), 1, 1,
              ["private-key-in-inventory"], keyKinds=["pkcs8"], keyEncrypted=[False])
    file_case("pkcs12-odd-bags.p12",
              pfx(plain_part(bag(6, seq(certificate_bag(one))), bag(4, seq()), bag(5, seq()),
                             certificate_bag(b"sdsi", "1.2.840.113549.1.9.22.2"))), 1,
              diagnostics=["not-evaluated"] * 3)
    file_case("pkcs12-for-public-key.p12",
              pfx(seq(oid("1.2.840.113549.1.7.3"), tlv(0xA0, seq(integer(0))))), 0,
              diagnostics=["not-evaluated"])
    file_case("pkcs12-signed.p12",
              seq(integer(3), seq(oid("1.2.840.113549.1.7.2"), tlv(0xA0, seq(integer(1))))), 0,
              diagnostics=["not-evaluated"])
    file_case("pkcs12-empty.p12", pfx(), 0, diagnostics=["not-evaluated"])
    file_case("pkcs12-broken.p12",
              seq(integer(3), seq(PKCS7_DATA, tlv(0xA0, octets(b"x")))), 0,
              diagnostics=["container-unreadable"])


def check_with_cryptography():
    """Compares expectations with what `cryptography` reads, where it can read the case."""
    checked = 0
    warnings.simplefilter("ignore")  # of what is wrong with the certificates: that is their point
    for entry in CASES:
        if "status" not in entry or entry["status"] != "complete":
            continue
        try:
            certificate = x509.load_der_x509_certificate(entry["bytes"])
            facts = entry["facts"]
            start = certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
            if facts["notBefore"] != start.rjust(20, "0"):
                raise AssertionError((entry["file"], "notBefore", start))
            number = certificate.serial_number
            text = f"{abs(number):x}"
            text = ("-" if number < 0 else "") + ("0" if len(text) % 2 else "") + text
            if facts["serial"] != text:
                raise AssertionError((entry["file"], "serial", text))
        except (ValueError, TypeError, x509.InvalidVersion):
            continue
        checked += 1
    return checked


def main():
    encoding_cases()
    version_and_serial_cases()
    signature_cases()
    name_cases()
    time_cases()
    key_cases()
    extension_cases()
    san_cases()
    file_cases()
    os.makedirs(OUT, exist_ok=True)
    for old in os.listdir(OUT):
        os.remove(os.path.join(OUT, old))
    names = [entry["file"] for entry in CASES]
    assert len(names) == len(set(names)), "two cases of one name"
    checked = check_with_cryptography()
    for entry in CASES:
        with open(os.path.join(OUT, entry["file"]), "wb") as file:
            file.write(entry.pop("bytes"))
    with open(os.path.join(os.path.dirname(OUT), "corpus.json"), "w", encoding="utf-8") as file:
        json.dump(CASES, file, indent=1, ensure_ascii=True)
        file.write("\n")
    singles = sum("status" in entry for entry in CASES)
    print(f"{singles} certificates ({checked} of them read by cryptography), "
          f"{len(CASES) - singles} files")


if __name__ == "__main__":
    main()
