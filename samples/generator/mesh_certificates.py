"""Certificates of a service mesh, made from seeds: the same call always writes the same bytes.

Used by the generators of samples, rule examples and the edge corpus. Needs PyPI `cryptography`
(43 or later, for deterministic ECDSA signatures of RFC 6979); no clock and no randomness is read.

    from mesh_certificates import make_ca, issue, pem, key_pem
    root = make_ca("prod root", "prod.example root", "2025-01-01T00:00:00Z", "2030-01-01T00:00:00Z",
                   spiffe_td="prod.example")
    mid = make_ca("prod mid", "prod.example intermediate", "2025-06-01T00:00:00Z",
                  "2027-06-01T00:00:00Z", spiffe_td="prod.example", parent=root, path_length=0)
    leaf = issue(mid, "planner 1", uris=["spiffe://prod.example/ns/agents/sa/planner"],
                 not_before="2026-08-20T10:00:00Z", not_after="2026-08-21T10:00:00Z")
    open("planner.pem", "w").write(pem([leaf, mid]))        # leaf first, then its issuer
    open("root.pem", "w").write(pem(root))

Every result is a `Signed`: `.certificate` and `.key` are objects of `cryptography`, `.der` the bytes,
`.sha256` the hex digest of the DER, `.spki_sha256` the hex digest of the public key, `.issuer` the
`Signed` that issued it (itself for a root). Two certificates with the same `key_seed` share one key.

Command line: `python3 mesh_certificates.py PLAN.json OUTDIR` writes one PEM per entry of the plan:

    {"cas": [{"name": "root", "cn": "prod root", "not_before": "…", "not_after": "…",
              "spiffe_td": "prod.example"},
             {"name": "mid", "cn": "prod mid", "parent": "root", "not_before": "…", "not_after": "…"}],
     "leaves": [{"name": "planner", "ca": "mid", "uris": ["spiffe://…"], "not_before": "…",
                 "not_after": "…", "profile": "istio"}]}
"""

import datetime
import hashlib
import ipaddress
import json
import os
import random
import sys
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

CURVES = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
KEY_USAGES = [
    "digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment",
    "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
]
EXTENDED_USAGES = {
    "serverAuth": ExtendedKeyUsageOID.SERVER_AUTH,
    "clientAuth": ExtendedKeyUsageOID.CLIENT_AUTH,
    "codeSigning": ExtendedKeyUsageOID.CODE_SIGNING,
    "emailProtection": ExtendedKeyUsageOID.EMAIL_PROTECTION,
    "anyExtendedKeyUsage": ObjectIdentifier("2.5.29.37.0"),
}


@dataclass
class Signed:
    """A certificate, its private key and the one that issued it."""

    certificate: x509.Certificate
    key: object
    issuer: "Signed" = field(repr=False, default=None)

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def sha256(self):
        return hashlib.sha256(self.der).hexdigest()

    @property
    def spki_sha256(self):
        spki = self.certificate.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(spki).hexdigest()


def time(value):
    """A datetime in UTC out of RFC 3339 text (or a datetime as it is)."""
    if isinstance(value, datetime.datetime):
        return value
    return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))


_keys = {}


def make_key(seed, kind="p256"):
    """The private key of a seed: p256, p384, p521, ed25519, rsa1024, rsa2048, rsa3072, rsa4096."""
    if (seed, kind) not in _keys:
        _keys[seed, kind] = _make_key(seed, kind)
    return _keys[seed, kind]


def _make_key(seed, kind):
    digest = hashlib.sha512(f"{kind}:{seed}".encode()).digest()
    if kind in CURVES:
        # Below the order of every curve of that size, and never 0.
        bits = {"p256": 255, "p384": 383, "p521": 511}[kind]
        return ec.derive_private_key(
            int.from_bytes(digest, "big") % (1 << bits) or 1, CURVES[kind])
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(digest[:32])
    if kind.startswith("rsa"):
        return _rsa_key(int.from_bytes(digest, "big"), int(kind[3:]))
    raise ValueError(f"unknown kind of key {kind!r}")


def _rsa_key(seed, bits, exponent=65537):
    source = random.Random(seed)  # only for test keys: reproducible, not secret
    while True:
        p, q = _prime(source, bits // 2), _prime(source, bits - bits // 2)
        if p == q or (p * q).bit_length() != bits:
            continue
        phi = (p - 1) * (q - 1)
        if phi % exponent == 0:
            continue
        d = pow(exponent, -1, phi)
        numbers = rsa.RSAPrivateNumbers(
            p=p, q=q, d=d, dmp1=d % (p - 1), dmq1=d % (q - 1), iqmp=pow(q, -1, p),
            public_numbers=rsa.RSAPublicNumbers(exponent, p * q))
        return numbers.private_key()


_SMALL = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def _prime(source, bits):
    while True:
        n = source.getrandbits(bits) | (3 << (bits - 2)) | 1
        if any(n % s == 0 for s in _SMALL):
            continue
        if all(_is_witness_of_prime(n, source.randrange(2, n - 1)) for _ in range(24)):
            return n


def _is_witness_of_prime(n, base):
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    x = pow(base, d, n)
    if x in (1, n - 1):
        return True
    for _ in range(s - 1):
        x = x * x % n
        if x == n - 1:
            return True
    return False


def serial(seed):
    """A positive serial of 127 bits out of a seed, as a CA would draw it."""
    return int.from_bytes(hashlib.sha256(f"serial:{seed}".encode()).digest()[:16], "big") >> 1 | 1


def sign(builder, key, digest=None):
    """Signs a builder deterministically (RFC 6979 for ECDSA)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return builder.sign(key, None)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return builder.sign(key, digest or hashes.SHA256(), ecdsa_deterministic=True)
    return builder.sign(key, digest or hashes.SHA256())


def key_usage(names):
    """A KeyUsage extension value out of the names of RFC 5280."""
    flags = [name in names for name in KEY_USAGES]
    return x509.KeyUsage(*flags)


def name(cn=None, organization=None):
    """A distinguished name; empty when nothing is given."""
    parts = []
    if organization:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    if cn:
        parts.append(x509.NameAttribute(NameOID.COMMON_NAME, cn))
    return x509.Name(parts)


def make_ca(seed, cn, not_before, not_after, spiffe_td=None, key="p256", parent=None,
            path_length=None, organization=None, key_seed=None, serial_number=None, digest=None):
    """A signing certificate: a self-signed root, or an intermediate when `parent` is given.

    `spiffe_td` gives it the SPIFFE ID of the trust domain (X.509-SVID 3.2: no path). `key_seed`
    renews a CA with the key of an earlier one. `digest` (a hash of `cryptography`) is SHA-256 unless told.
    """
    private = make_key(key_seed or seed, key)
    signer = parent.key if parent else private
    subject = name(cn, organization)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(parent.certificate.subject if parent else subject)
        .public_key(private.public_key())
        .serial_number(serial_number or serial(seed))
        .not_valid_before(time(not_before))
        .not_valid_after(time(not_after))
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(key_usage(["keyCertSign", "cRLSign"]), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
    )
    if parent:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(parent.key.public_key()), False)
    if spiffe_td:
        builder = builder.add_extension(
            x509.SubjectAlternativeName(
                [x509.UniformResourceIdentifier(f"spiffe://{spiffe_td}")]), critical=False)
    result = Signed(sign(builder, signer, digest), private)
    result.issuer = parent or result
    return result


def issue(ca, seed, uris=(), dns=(), not_before=None, not_after=None, ca_flag=False, key="p256",
          usages=None, ips=(), emails=(), cn=None, organization=None, profile="istio",
          key_seed=None, serial_number=None, san_critical=None, extra=(), digest=None):
    """A leaf certificate under `ca`, shaped as an issuer of a mesh shapes it.

    `profile`: `istio` (empty subject, critical SAN, CA:FALSE), `linkerd` (DNS SAN = CN, no basic
    constraints), `spire` (C=US,O=SPIRE) or `web` (a gateway's certificate by cert-manager).
    `usages`: names of key usages and extended key usages, for example
    `["digitalSignature", "serverAuth"]`; the profile's own when None, none at all when empty.
    `ca_flag` makes a leaf that is a CA. `key_seed` reuses the key of another certificate.
    `extra`: further `(extension value, critical)` pairs.
    """
    private = make_key(key_seed or seed, key)
    if cn is None and profile == "linkerd" and dns:
        cn = dns[0]
    subject = name(cn, organization)
    if profile == "spire" and cn is None and organization is None:
        subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
                             x509.NameAttribute(NameOID.ORGANIZATION_NAME, "SPIRE")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(ca.certificate.subject)
        .public_key(private.public_key())
        .serial_number(serial_number or serial(seed))
        .not_valid_before(time(not_before))
        .not_valid_after(time(not_after))
    )
    if usages is None:
        usages = ["digitalSignature", "keyEncipherment", "serverAuth", "clientAuth"]
        if profile == "spire":
            usages.append("keyAgreement")
        if profile == "web":
            usages.remove("clientAuth")
    plain = [usage for usage in usages if usage in KEY_USAGES]
    if plain:
        builder = builder.add_extension(key_usage(plain), critical=True)
    extended = [EXTENDED_USAGES[usage] for usage in usages if usage in EXTENDED_USAGES]
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    if profile != "linkerd" or ca_flag:
        builder = builder.add_extension(
            x509.BasicConstraints(ca=ca_flag, path_length=None), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key()), critical=False)
    sans = [x509.UniformResourceIdentifier(uri) for uri in uris]
    sans += [x509.DNSName(value) for value in dns]
    sans += [x509.IPAddress(ipaddress.ip_address(value)) for value in ips]
    sans += [x509.RFC822Name(value) for value in emails]
    if sans:
        is_critical = len(list(subject)) == 0 if san_critical is None else san_critical
        builder = builder.add_extension(x509.SubjectAlternativeName(sans), critical=is_critical)
    for value, critical in extra:
        builder = builder.add_extension(value, critical=critical)
    return Signed(sign(builder, ca.key, digest), private, ca)


def pem(certificates):
    """PEM text of one certificate or of several in the given order."""
    if not isinstance(certificates, (list, tuple)):
        certificates = [certificates]
    return "".join(
        (c.certificate if isinstance(c, Signed) else c)
        .public_bytes(serialization.Encoding.PEM).decode() for c in certificates)


def chain(signed):
    """The leaf and its issuers up to, but without, the root: what a workload presents."""
    result = [signed]
    while signed.issuer.issuer is not signed.issuer:
        signed = signed.issuer
        result.append(signed)
    return result


def key_pem(key):
    """PKCS#8 PEM text of a private key (or of the key of a `Signed`)."""
    return (key.key if isinstance(key, Signed) else key).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()).decode()


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: mesh_certificates.py PLAN.json OUTDIR")
    with open(arguments[0], encoding="utf-8") as file:
        plan = json.load(file)
    os.makedirs(arguments[1], exist_ok=True)
    made = {}
    for entry in plan.get("cas", []):
        options = dict(entry)
        label, parent = options.pop("name"), options.pop("parent", None)
        made[label] = make_ca(options.pop("seed", label), parent=made[parent] if parent else None,
                              **options)
    leaves = {}
    for entry in plan.get("leaves", []):
        options = dict(entry)
        label = options.pop("name")
        leaves[label] = issue(made[options.pop("ca")], options.pop("seed", label), **options)
    for label, signed in {**made, **leaves}.items():
        bundle = chain(signed) if label in leaves else [signed]
        with open(os.path.join(arguments[1], label + ".pem"), "w", encoding="ascii") as file:
            file.write(pem(bundle))


if __name__ == "__main__":
    main(sys.argv[1:])
