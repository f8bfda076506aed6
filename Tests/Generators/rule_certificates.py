"""Writes the certificates in the examples of the rules `identity-certificates`; the same bytes each time.

    python3 Tests/Generators/rule_certificates.py            # all
    python3 Tests/Generators/rule_certificates.py --check    # writes nothing, fails where one differs

Examples are judged as of 2026-11-20T06:00:00Z, so that none of them ever expires. Keys come from seeds
(samples/generator/mesh_certificates.py). Of a Secret only the values below `data` are written; the rest of the
manifest is by hand.
"""

import argparse
import base64
import os
import json
import pathlib
import random
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "samples" / "generator"))

from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: E402

import mesh_certificates  # noqa: E402
from mesh_certificates import (  # noqa: E402
    Signed, issue, key_pem, key_usage, make_ca, make_key, name, pem, serial, sign, time)

RULES = ROOT / "rules" / "identity-certificates"
TD = "prod.example"
PLANNER, BROWSER = f"spiffe://{TD}/ns/agents/sa/planner", f"spiffe://{TD}/ns/tools/sa/browser"
MESH = "spiffe://cluster.local/ns/agents/sa/"
YEARS = ("2025-01-01T00:00:00Z", "2035-01-01T00:00:00Z")
YEAR = ("2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z")
DAY = ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")


def root(seed="rules root", cn="prod root", validity=YEARS, **options):
    return make_ca(seed, cn, *validity, **options)


def middle(seed="rules mid", cn="prod issuing", validity=YEAR, **options):
    return make_ca(seed, cn, *validity, parent=root(), **options)


def leaf(seed="rules leaf", validity=DAY, uris=(PLANNER,), ca=None, **options):
    return issue(ca or middle(), seed, uris=list(uris), not_before=validity[0], not_after=validity[1], **options)


def web(seed, names):
    issuing = middle("web mid", "web issuing")
    return issue(issuing, seed, dns=names, cn=names[0], profile="web", not_before="2026-10-28T00:00:00Z",
                 not_after="2027-01-26T00:00:00Z")


def odd_ca(seed, usages, path=None):
    """An issuing CA that `make_ca` would not make: other usages, or a SPIFFE ID with a path."""
    parent, key = root(), make_key(f"{seed} key")
    builder = (
        x509.CertificateBuilder().subject_name(name("prod issuing")).issuer_name(parent.certificate.subject)
        .public_key(key.public_key()).serial_number(serial(seed)).not_valid_before(time(YEAR[0]))
        .not_valid_after(time(YEAR[1])).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(key_usage(usages), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    if path:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"spiffe://{TD}{path}")]), False)
    return Signed(sign(builder, parent.key), key, parent)


def is_prime(number):
    """Miller and Rabin with fixed bases; good enough for numbers that nobody chose to deceive."""
    if any(number % small == 0 for small in (2, 3, 5, 7, 11, 13)):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19):
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        if not any((power := power * power % number) == number - 1 for _ in range(twos - 1)):
            return False
    return True


def next_prime(number):
    number |= 1
    while not is_prime(number):
        number += 2
    return number


def seeded_prime(seed, bits=1024):
    """A prime with its two highest bits set, so that a product of two has twice its bits."""
    return next_prime(random.Random(seed).getrandbits(bits) | 3 << bits - 2)


def roca_prime(seed, bits=1024):
    """As the library of ROCA makes them: a multiple of a primorial and a power of 65537."""
    primorial = 1
    for small in range(2, 168):
        if all(small % other for other in range(2, small)):
            primorial *= small
    source = random.Random(seed)
    while True:
        factor = (source.getrandbits(bits) | 3 << bits - 2) // primorial
        number = factor * primorial + pow(65537, source.getrandbits(64), primorial)
        if is_prime(number):
            return number


def rsa_leaf(seed, first, second, uri=PLANNER):
    """A leaf with an RSA key out of these primes; nobody has its private key."""
    ca = middle()
    builder = (
        x509.CertificateBuilder().subject_name(name()).issuer_name(ca.certificate.subject)
        .public_key(rsa.RSAPublicNumbers(65537, first * second).public_key()).serial_number(serial(seed))
        .not_valid_before(time(DAY[0])).not_valid_after(time(DAY[1]))
        .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri)]), True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(key_usage(["digitalSignature", "keyEncipherment"]), True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key()), False))
    return Signed(sign(builder, ca.key), None, ca)


def pem_text(der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[i:i + 64] for i in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def sha1_leaf():
    """`cryptography` no longer signs with SHA-1: the algorithm is exchanged and the body signed anew."""
    ca = middle("012 mid", key="rsa2048")
    signed = leaf("012", ca=ca)
    sha1, sha256 = bytes.fromhex("06092a864886f70d010105"), bytes.fromhex("06092a864886f70d01010b")
    old = signed.certificate.tbs_certificate_bytes
    body = old.replace(sha256, sha1, 1)
    signature = ca.key.sign(body, padding.PKCS1v15(), hashes.SHA1())
    head = signed.der[:signed.der.index(old)]
    tail = signed.der[len(head) + len(body):].replace(sha256, sha1, 1)[:-len(signature)] + signature
    return pem_text(head + body + tail)


# The roots of IC-025.
OLD_ROOTS = [root(seed, cn, validity, spiffe_td=TD) for seed, cn, validity in [
    ("025a", "prod root 2020", ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z")),
    ("025b", "prod root 2026", ("2026-03-01T00:00:00Z", "2036-03-01T00:00:00Z")),
    ("025c", "prod root 2027", ("2026-11-10T00:00:00Z", "2036-11-10T00:00:00Z"))]]

# The certificates of the rules on expiry and keys, under a root and an intermediate of their own.
EXPIRY_ROOT = make_ca("rules root", "prod.example root", *YEARS, spiffe_td=TD)
EXPIRY_MID = make_ca("rules mid", "prod.example intermediate", "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z",
                     spiffe_td=TD, parent=EXPIRY_ROOT, path_length=0)


def short(seed, begin=DAY[0], end=DAY[1], ca=EXPIRY_MID, **options):
    return leaf(seed, (begin, end), ca=ca, **options)


def bundle(*certificates):
    return pem(list(certificates))


def expiry_examples():
    fresh = short("fresh")
    late = short("late", "2026-11-19T08:00:00Z", "2026-11-20T08:00:00Z")
    old = short("old", "2026-11-18T21:40:00Z", "2026-11-19T21:40:00Z")
    ending = make_ca("rules ending", "prod.example issuing CA", "2025-12-28T00:00:00Z", "2026-12-28T00:00:00Z",
                     spiffe_td=TD, parent=EXPIRY_ROOT, path_length=0)
    year = bundle(fresh, EXPIRY_MID)
    long = short("long", "2026-11-01T00:00:00Z", "2027-01-30T00:00:00Z")
    before = make_ca("rules before", "prod.example intermediate", "2025-11-01T00:00:00Z",
                     "2026-11-01T00:00:00Z", spiffe_td=TD, parent=EXPIRY_ROOT, path_length=0)
    under = short("under before", "2026-10-30T00:00:00Z", "2026-10-31T00:00:00Z", ca=before)
    yield "IC-001", "fail-expired.pem", bundle(old, EXPIRY_MID)
    yield "IC-001", "pass-renewed/planner-old.pem", bundle(old, EXPIRY_MID)
    yield "IC-001", "pass-renewed/planner.pem", year
    yield "IC-002", "fail-two-hours-left.pem", bundle(late, EXPIRY_MID)
    yield "IC-002", "pass-renewed/planner-previous.pem", bundle(late, EXPIRY_MID)
    yield "IC-002", "pass-renewed/planner.pem", year
    yield "IC-003", "fail-ends-in-38-days.pem", bundle(short("under ending", ca=ending), ending)
    yield "IC-003", "pass-year-left.pem", year
    yield "IC-003", "pass-superseded.pem", bundle(under, before, fresh, EXPIRY_MID)
    yield "IC-004", "fail-ends-in-three-months.pem", pem(
        root("004a", "prod root 2020", ("2020-02-20T00:00:00Z", "2027-02-20T00:00:00Z")))
    yield "IC-004", "pass-years-left.pem", pem(root())
    yield "IC-005", "fail-ninety-days.pem", bundle(long, EXPIRY_MID)
    yield "IC-005", "pass-one-day.pem", year
    yield "IC-011", "fail-rsa-1024.pem", bundle(short("weak", key="rsa1024"), EXPIRY_MID)
    mesh_certificates._keys["011 exponent", "rsa2048"] = mesh_certificates._rsa_key(11, 2048, exponent=3)
    yield "IC-011", "fail-exponent-3.pem", pem(leaf("011 exponent", key="rsa2048"))
    yield "IC-011", "pass-rsa-2048.pem", bundle(short("rsa", key="rsa2048"), EXPIRY_MID)
    yield "IC-033", "fail-key-beside-certificate/planner.pem", year + key_pem(fresh.key)
    yield "IC-033", "pass-certificates-only/planner.pem", year


def profile_examples():
    plain = pem(leaf())
    yield "IC-006", "fail-two-uris.pem", pem(leaf("006", uris=[PLANNER, BROWSER]))
    yield "IC-006", "pass-one-uri.pem", plain
    yield "IC-007", "fail-escaped-path.pem", pem(leaf("007a", uris=[f"spiffe://{TD}/ns/agents/../sa/planner"]))
    yield "IC-007", "fail-foreign-trust-domain/planner.pem", pem(
        leaf("007b", uris=["spiffe://lab.example/ns/agents/sa/planner"]))
    yield "IC-007", "pass-alias/planner.pem", pem(leaf("007c", uris=["spiffe://old.example/ns/agents/sa/planner"]))
    yield "IC-008", "fail-ca-flag.pem", pem(leaf("008a", ca_flag=True))
    yield "IC-008", "fail-key-cert-sign.pem", pem(
        leaf("008b", usages=["digitalSignature", "keyCertSign", "serverAuth", "clientAuth"]))
    yield "IC-008", "pass-leaf.pem", plain
    yield "IC-009", "fail-server-only.pem", pem(leaf("009a", usages=["digitalSignature", "serverAuth"]))
    yield "IC-009", "fail-no-digital-signature.pem", pem(
        leaf("009b", usages=["keyEncipherment", "serverAuth", "clientAuth"]))
    yield "IC-009", "pass-both.pem", plain
    yield "IC-010", "fail-identity-with-path.pem", pem(odd_ca("010", ["keyCertSign", "cRLSign"], "/ca/issuing"))
    yield "IC-010", "fail-may-not-sign.pem", pem(odd_ca("010b", ["digitalSignature"]))
    yield "IC-010", "pass-issuing-ca.pem", pem(middle(spiffe_td=TD, path_length=0))
    yield "IC-012", "fail-sha1.pem", sha1_leaf()
    yield "IC-012", "pass-sha256.pem", plain


def issuing_examples():
    yield "IC-013", "fail-built-in-ca.yaml", [pem(make_ca("013 istio", "", *YEARS, organization="cluster.local"))]
    yield "IC-013", "fail-root-signs-leaves.pem", bundle(leaf("013", ca=root()), root())
    yield "IC-013", "pass-issuing-ca-below.pem", bundle(leaf(), middle(), root())
    yield "IC-014", "fail-copied-key/planner.pem", pem(leaf("014a", key_seed="014"))
    yield "IC-014", "fail-copied-key/browser.pem", pem(leaf("014b", key_seed="014", uris=[BROWSER]))
    yield "IC-014", "pass-same-identity-renewed/before.pem", pem(
        leaf("014c", ("2026-11-19T12:00:00Z", "2026-11-20T12:00:00Z"), key_seed="014c"))
    yield "IC-014", "pass-same-identity-renewed/now.pem", pem(leaf("014d", key_seed="014c"))
    number = 0x5AFE5AFE5AFE5AFE5AFE
    yield "IC-015", "fail-serial-twice/planner.pem", pem(leaf("015a", serial_number=number))
    yield "IC-015", "fail-serial-twice/browser.pem", pem(leaf("015b", serial_number=number, uris=[BROWSER]))
    yield "IC-015", "pass-own-serials/planner.pem", pem(leaf("015c"))
    yield "IC-015", "pass-own-serials/browser.pem", pem(leaf("015d", uris=[BROWSER]))
    planner, orchestrator = MESH + "planner", MESH + "orchestrator"
    yield "IC-016", "fail-removed-workload/certificates.pem", (
        pem(leaf("016a", uris=[planner])) + pem(leaf("016b", uris=[MESH + "removed"])))
    yield "IC-016", "pass-known-workload/planner.pem", pem(leaf("016c", uris=[planner]))
    yield "IC-017", "fail-caller-unknown/planner.pem", pem(leaf("017a", uris=[planner]))
    yield "IC-017", "pass-caller-known/certificates.pem", (
        pem(leaf("017b", uris=[planner])) + pem(leaf("017c", uris=[orchestrator])))
    yield "IC-018", "fail-copied-secret.yaml", [pem(leaf("018a"))] * 2
    yield "IC-018", "pass-one-namespace.yaml", [pem(leaf("018b"))]


def config_map(namespace, certificates, expect=""):
    lines = "".join(f"    {line}\n" for line in pem(certificates).splitlines())
    return (f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio-ca-root-cert\n  namespace: {namespace}\n"
            f"data:\n  root-cert.pem: |{expect}\n{lines}")


def token(header, claims):
    """A JWT-SVID without a signature that anybody could verify."""
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    return f"{part(header)}.{part(claims)}.c2lnbmF0dXJl\n"


def trust_examples():
    prime = seeded_prime("011 prime")
    yield "IC-011", "fail-close-primes.pem", pem(rsa_leaf("011 close", prime, next_prime(prime + 2)))
    yield "IC-011", "fail-roca.pem", pem(rsa_leaf("011 roca", roca_prime("011 a"), roca_prime("011 b")))
    yield "IC-011", "fail-shared-prime/planner.pem", pem(rsa_leaf("011 p", prime, seeded_prime("011 q")))
    yield "IC-011", "fail-shared-prime/browser.pem", pem(rsa_leaf("011 r", prime, seeded_prime("011 s"), BROWSER))
    ending = middle("037 mid", "prod issuing", ("2025-11-20T12:00:00Z", "2026-11-20T12:00:00Z"), spiffe_td=TD)
    yield "IC-037", "fail-after-issuer.pem", bundle(leaf("037a", ca=ending), ending, root())
    yield "IC-037", "pass-cut-short.pem", bundle(
        leaf("037b", (DAY[0], "2026-11-20T12:00:00Z"), ca=ending), ending, root())
    old, new = root("038 old", "old root"), root("038 new", "new root")
    yield "IC-038", "fail-old-copy.yaml", (
        config_map("agents", [old, new]) + "---\n" + config_map("models", [old, new]) + "---\n"
        + config_map("tools", [old], "  # expect: IC-038"))
    yield "IC-038", "pass-same-copies.yaml", (
        config_map("agents", [old, new]) + "---\n" + config_map("tools", [old, new]))
    shared = root("039 root", "company root")
    staging = make_ca("039 staging", "staging issuing", *YEAR, parent=shared)
    prod = make_ca("039 prod", "prod issuing", *YEAR, parent=shared)
    over_prod = leaf("039a", ca=prod)
    yield "IC-039", "fail-staging-and-production.pem", bundle(
        over_prod, leaf("039b", ca=staging, uris=["spiffe://staging.example/ns/agents/sa/planner"]), prod, staging,
        shared)
    yield "IC-039", "pass-one-trust-domain.pem", bundle(over_prod, prod, shared)
    anchor = root("040 root", "bundle root", spiffe_td=TD)
    key = {"kty": "EC", "crv": "P-256", "x5c": [base64.b64encode(anchor.der).decode()]}
    signer = {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "use": "jwt-svid"}
    for file, keys in [
            ("fail-key-id.json", [{**key, "use": "x509-svid", "kid": "prod-1"}]),
            ("fail-no-key-id.json", [{**key, "use": "x509-svid"}, signer]),
            ("fail-without-use.json", [{**key, "use": "x509-svid"}, {**key, "kid": "prod-1"}]),
            ("pass-bundle.json", [{**key, "use": "x509-svid"}, {**signer, "kid": "prod-1"}])]:
        yield "IC-040", file, json.dumps(
            {"spiffe_sequence": 7, "spiffe_refresh_hint": 300, "keys": keys}, indent=1) + "\n"
    begin = 1_795_154_400  # 2026-11-20T06:00:00Z
    claims = {"sub": PLANNER, "aud": [BROWSER], "iat": begin - 60, "exp": begin + 240}
    for file, header, body in [
            ("fail-shared-secret", {"alg": "HS256"}, claims),
            ("fail-no-audience", {"alg": "ES256"}, {**claims, "aud": []}),
            ("fail-no-end", {"alg": "ES256"}, {key: value for key, value in claims.items() if key != "exp"}),
            ("fail-day-long", {"alg": "ES256"}, {**claims, "exp": begin + 86_340}),
            ("fail-other-header", {"alg": "ES256", "jku": "https://keys.example"}, claims),
            ("pass-five-minutes", {"alg": "ES256", "kid": "prod-1", "typ": "JWT"}, claims)]:
        yield "IC-041", f"{file}/token.jwt", token(header, body)
    yield "IC-043", "fail-san-not-critical.pem", pem(leaf("043a", san_critical=False))
    dns = "planner.agents.serviceaccount.identity.linkerd.cluster.local"
    yield "IC-043", "fail-linkerd-rsa.pem", pem(leaf("043b", uris=[], dns=[dns], profile="linkerd", key="rsa2048"))
    yield "IC-043", "pass-leaf-and-issuer.pem", bundle(leaf("043c"), middle(), root())
    yield "IC-044", "fail-thirty-years.pem", pem(
        root("044 root", "eternal root", ("2020-01-01T00:00:00Z", "2050-01-01T00:00:00Z")))
    yield "IC-044", "pass-ten-years.pem", bundle(middle(), root())
    for file, namespace, expect in [
            ("fail-copied-secret.yaml", "tools", "  # expect: IC-045"), ("pass-own-secret.yaml", "agents", "")]:
        value = base64.b64encode(pem(leaf("045")).encode()).decode()
        yield "IC-045", file, (
            f"apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata:\n  name: planner-identity\n"
            f"  namespace: {namespace}\ndata:\n  tls.crt: {value}{expect}\n")


def rotation_examples():
    def lives(first, second):
        return pem(leaf(*first)) + pem(leaf(*second))

    second = ("2026-11-19T20:00:00Z", "2026-11-20T20:00:00Z")
    morning = "2026-11-{}T08:00:00Z".format
    yield "IC-025", "fail-old-root-stays.pem", bundle(*(OLD_ROOTS[:2]))
    yield "IC-025", "pass-rotation-under-way.pem", bundle(OLD_ROOTS[0], OLD_ROOTS[2])
    yield "IC-026", "fail-gap.pem", lives(("026a", (morning(18), morning(19))), ("026b", second))
    yield "IC-026", "fail-late.pem", lives(
        ("026e", ("2026-11-18T20:30:00Z", "2026-11-19T20:30:00Z")), ("026f", second))
    yield "IC-026", "pass-overlap.pem", lives(("026c", (morning(19), morning(20))), ("026d", second))
    yield "IC-027", "fail-other-name/secret.yaml", [pem(web("027a", ["claims.prod.example"]))]
    yield "IC-027", "fail-wildcard/secret.yaml", [pem(web("027b", ["*.prod.example"]))]
    yield "IC-027", "pass-exact/secret.yaml", [pem(web("027c", ["assist.prod.example"]))]
    yield "IC-029", "fail-two-hours-ahead.pem", pem(leaf("029a", (morning(20), morning(21))))
    yield "IC-029", "pass-one-minute-ahead.pem", pem(
        leaf("029b", ("2026-11-20T06:01:00Z", "2026-11-21T06:01:00Z")))
    ended = middle("034 mid", validity=("2026-05-01T00:00:00Z", "2026-11-19T00:00:00Z"))
    foreign = root("034 foreign", "lab root", spiffe_td="lab.example")
    yield "IC-034", "fail-expired-issuer.pem", bundle(leaf("034a", ca=ended), ended, root())
    yield "IC-034", "fail-anchor-of-another-domain.pem", bundle(leaf("034b", ca=foreign), foreign)
    yield "IC-034", "pass-holds.pem", bundle(leaf(), middle(), root())
    first = ("2026-11-19T12:00:00Z", "2026-11-20T12:00:00Z")
    dns = "planner.agents.serviceaccount.identity.linkerd.prod.example"
    yield "IC-035", "fail-same-key.pem", "".join(
        pem(leaf(seed, validity, key_seed="035")) for seed, validity in [("035a", first), ("035b", second)])
    yield "IC-035", "pass-new-key.pem", lives(("035c", first), ("035d", second))
    yield "IC-035", "pass-linkerd.pem", lives(("035c", first), ("035d", second)) + "".join(
        pem(leaf(seed, validity, uris=[], dns=[dns], profile="linkerd", key_seed="035 linkerd"))
        for seed, validity in [("035e", first), ("035f", second)])


def crl(ca, revoked=(), begin="2026-11-19T06:00:00Z", end="2026-11-26T06:00:00Z", signer=None):
    """A revocation list of `ca` that takes back (certificate, reason) pairs, signed by `signer` or itself."""
    builder = (
        x509.CertificateRevocationListBuilder().issuer_name(ca.certificate.subject)
        .last_update(time(begin)).next_update(time(end))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(7), critical=False))
    for signed, reason in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(signed.certificate.serial_number)
            .revocation_date(time("2026-11-19T05:00:00Z"))
            .add_extension(x509.CRLReason(reason), critical=False).build())
    return sign(builder, (signer or ca).key).public_bytes(serialization.Encoding.PEM).decode()


def revocation_examples():
    stolen, other, keys = leaf("046a"), leaf("046b", uris=[BROWSER]), x509.ReasonFlags.key_compromise
    ours = bundle(stolen, other, middle(), root())
    yield "IC-046", "fail-key-compromise.pem", ours + crl(middle(), [(stolen, keys)])
    yield "IC-046", "fail-issuing-ca.pem", ours + crl(root(), [(middle(), x509.ReasonFlags.ca_compromise)])
    yield "IC-046", "pass-another-serial.pem", ours + crl(middle(), [(leaf("046c"), keys)])
    yield "IC-046", "pass-removed.pem", ours + crl(middle(), [(stolen, x509.ReasonFlags.remove_from_crl)])
    yield "IC-046", "not-assessed-issuer-missing.pem", pem(stolen) + crl(middle(), [(stolen, keys)])
    yield "IC-046", "not-assessed-overdue.pem", ours + crl(middle(), end="2026-11-20T05:00:00Z")
    yield "IC-047", "fail-overdue.pem", ours + crl(middle(), end="2026-11-20T05:00:00Z")
    yield "IC-047", "fail-forged.pem", ours + crl(middle(), [(stolen, keys)], signer=root("047 mallory"))
    yield "IC-047", "fail-from-the-future.pem", ours + crl(middle(), begin="2026-11-21T06:00:00Z")
    yield "IC-047", "pass-current.pem", ours + crl(middle())
    yield "IC-047", "pass-clocks-differ.pem", ours + crl(middle(), begin="2026-11-20T06:01:30Z")
    yield "IC-047", "not-assessed-issuer-missing.pem", crl(middle())
    yield "IC-048", "fail-root-without.pem", ours + crl(middle())
    yield "IC-048", "pass-each.pem", ours + crl(middle()) + crl(root())


def approval_examples():
    """The parameter `approved_anchors` of the examples, in their meshaudit.yaml, names `root()` alone."""
    yield "IC-049", "fail-not-on-the-list/bundle.pem", bundle(root(), root("049 left over", "old root"))
    yield "IC-049", "fail-cut-fingerprint/bundle.pem", pem(root())
    yield "IC-049", "pass-on-the-list/bundle.pem", pem(root())
    weak = root("050 root", "istiod root", key="rsa2048")
    yield "IC-050", "fail-rsa-over-p256.pem", bundle(leaf("050a", ca=weak), weak)
    yield "IC-050", "pass-as-strong.pem", bundle(leaf(), middle(), root())
    lab = root("051 lab", "lab root")
    turns = [("051a", "2026-11-20T00:00:00Z", root()), ("051b", "2026-11-20T02:00:00Z", lab),
             ("051c", "2026-11-20T04:00:00Z", root()), ("051d", "2026-11-20T05:00:00Z", lab)]
    lives = {seed: leaf(seed, (begin, "2026-11-21T00:00:00Z"), ca=ca) for seed, begin, ca in turns}
    yield "IC-051", "fail-in-turns.pem", bundle(*(lives[seed] for seed in ("051a", "051b", "051c")), root(), lab)
    new = root("052 new", "prod root 2")
    before, after = leaf("052a", ("2026-11-18T12:00:00Z", "2026-11-19T12:00:00Z"), ca=root()), leaf("052b", ca=new)
    early = leaf("052c", ("2026-11-19T12:00:00Z", "2026-11-20T12:00:00Z"), ca=new)
    yield "IC-052", "fail-signs-at-once/run-2026-11-19/bundle.pem", bundle(before, root())
    yield "IC-052", "fail-signs-at-once/run-2026-11-20/bundle.pem", bundle(early, root(), new)
    yield "IC-052", "pass-was-there-before/run-2026-11-17/bundle.pem", bundle(root())
    yield "IC-052", "pass-was-there-before/run-2026-11-18/bundle.pem", bundle(root(), new)
    yield "IC-052", "pass-was-there-before/run-2026-11-20/bundle.pem", bundle(after, root(), new)
    yield "IC-052", "not-assessed-audits-too-far-apart/run-2026-11-17/bundle.pem", bundle(root())
    yield "IC-052", "not-assessed-audits-too-far-apart/run-2026-11-20/bundle.pem", bundle(after, root(), new)
    yield "IC-051", "pass-changed-once.pem", bundle(lives["051a"], lives["051b"], lives["051d"], root(), lab)


def in_manifest(path, bundles):
    """The manifest with the values of its certificates, in their order."""
    values = iter([base64.b64encode(text.encode()).decode() for text in bundles])
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^(  (?:tls\.crt|ca-cert\.pem): )\S+$", lambda line: line[1] + next(values), text, flags=re.M)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    stale, written = [], set()
    for rule, file, content in [*expiry_examples(), *profile_examples(), *issuing_examples(), *rotation_examples(),
                                *trust_examples(), *revocation_examples(), *approval_examples()]:
        path = next(RULES.glob(f"{rule}-*")) / "examples" / file
        text = content if isinstance(content, str) else in_manifest(path, content)
        written.add(path)
        if arguments.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(str(path))
            continue
        os.makedirs(path.parent, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    stale += [str(path) for path in RULES.rglob("*.pem") if path not in written]
    print(f"{len(written)} files")
    if stale:
        sys.exit("not what the generator writes:\n" + "\n".join(stale))


if __name__ == "__main__":
    main()
