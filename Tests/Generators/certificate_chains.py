"""Chains for Tests/Data/certificates/chains: one PEM file a case, the certificate in question first.

    python3 Tests/Generators/certificate_chains.py

`chains.json` holds what is expected of the first certificate of each file, checked at 2026-11-20T06:00:00Z.
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "samples", "generator"))

from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import padding  # noqa: E402
from cryptography.hazmat.primitives import serialization  # noqa: E402
from mesh_certificates import (  # noqa: E402
    Signed, issue, key_usage, make_ca, make_key, name, pem, serial, sign, time)

OUT = os.path.join(ROOT, "Tests", "Data", "certificates", "chains")
TD = "prod.example"
YEARS = ("2025-01-01T00:00:00Z", "2035-01-01T00:00:00Z")
MIDDLE = ("2026-01-01T00:00:00Z", "2027-06-01T00:00:00Z")
DAY = ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")
expected = {}


def case(label, certificates, outcome, path=None, problems=(), paths=None, anchors=None,
         keep=False):
    """`keep`: a file that is there stays, for its signature is drawn anew every time."""
    target = os.path.join(OUT, label + ".pem")
    if not (keep and os.path.exists(target)):
        with open(target, "w", encoding="ascii") as file:
            file.write(pem(certificates))
    entry = {"outcome": outcome, "problems": list(problems)}
    if path is not None:
        entry["path"] = path
    if paths is not None:
        entry["paths"] = paths
    if anchors is not None:
        entry["anchors"] = anchors
    expected[label] = entry


def root(seed="root", cn="prod root", validity=YEARS, **options):
    return make_ca(f"chains {seed}", cn, *validity, **options)


def middle(parent, seed="middle", cn="prod issuing", validity=MIDDLE, **options):
    return make_ca(f"chains {seed}", cn, *validity, parent=parent, **options)


def leaf(ca, seed="leaf", validity=DAY, uri=f"spiffe://{TD}/ns/agents/sa/planner", **options):
    return issue(ca, f"chains {seed}", uris=[uri], not_before=validity[0], not_after=validity[1],
                 **options)


def ca_with(seed, cn, parent, basic=(True, None), usages=("keyCertSign", "cRLSign"), key_seed=None,
            validity=MIDDLE, extra=(), with_ids=True, digest=None):
    """A CA with chosen extensions; `basic` and `usages` None leave theirs out."""
    private = make_key(key_seed or f"chains {seed}", "p256")
    subject = name(cn)
    builder = (x509.CertificateBuilder().subject_name(subject)
               .issuer_name(parent.certificate.subject if parent else subject)
               .public_key(private.public_key()).serial_number(serial(seed))
               .not_valid_before(time(validity[0])).not_valid_after(time(validity[1])))
    if basic:
        builder = builder.add_extension(
            x509.BasicConstraints(ca=basic[0], path_length=basic[1]), critical=True)
    if usages is not None:
        builder = builder.add_extension(key_usage(list(usages)), critical=True)
    if with_ids:
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
    for value, critical in extra:
        builder = builder.add_extension(value, critical=critical)
    result = Signed(sign(builder, parent.key if parent else private, digest), private)
    result.issuer = parent or result
    return result


def constrained(seed, permitted=None, excluded=None):
    return ca_with(seed, "constrained issuing", root(), extra=[
        (x509.NameConstraints(permitted, excluded), True)])


def main():
    os.makedirs(OUT, exist_ok=True)
    top = root()
    mid = middle(top)
    case("complete", [leaf(mid), mid, top], "complete", path=3, paths=1, anchors=1)
    case("complete-direct", [leaf(top, "direct"), top], "complete", path=2)
    case("complete-any-order", [leaf(mid), top, mid], "complete", path=3)
    for kind in ["p384", "p521", "ed25519", "rsa2048"]:
        own = root(f"root {kind}", f"root {kind}", key=kind)
        case(f"complete-{kind}", [leaf(own, f"leaf {kind}"), own], "complete", path=2)
    strong = root("root p384 2", "root p384 sha384", key="p384", digest=hashes.SHA384())
    case("complete-sha384", [leaf(strong, "leaf sha384", digest=hashes.SHA384()), strong],
         "complete", path=2)
    case("missing-issuer", [leaf(mid), top], "missing-issuer", path=1)
    case("missing-root", [leaf(mid), mid], "missing-issuer", path=2)

    # The same name and another key: it did not issue, its key id says so.
    other = middle(top, "middle other")
    case("missing-issuer-namesake", [leaf(mid), other, top], "missing-issuer", path=1)
    # Without key ids only the signature tells.
    plain = ca_with("middle plain", "plain issuing", top, with_ids=False)
    wrong = ca_with("middle plain wrong", "plain issuing", top, with_ids=False)
    case("two-candidates", [leaf(plain, "leaf plain"), wrong, plain, top], "complete", path=3,
         paths=1)
    case("wrong-key", [leaf(plain, "leaf plain"), wrong, top], "broken", path=2,
         problems=["signature-invalid"])
    forged = leaf(mid, "forged")
    bytes_ = bytearray(forged.der)
    bytes_[-1] ^= 1
    with open(os.path.join(OUT, "forged.pem"), "w", encoding="ascii") as file:
        import base64
        text = base64.encodebytes(bytes(bytes_)).decode().replace("\n", "")
        lines = "\n".join(text[i:i + 64] for i in range(0, len(text), 64))
        file.write(f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
        file.write(pem([mid, top]))
    expected["forged"] = {"outcome": "broken", "problems": ["signature-invalid"], "path": 2}

    ended = middle(top, "middle ended", "ended issuing",
                   ("2025-11-01T00:00:00Z", "2026-11-19T00:00:00Z"))
    case("expired-intermediate", [leaf(ended, "leaf ended"), ended, top], "broken", path=3,
         problems=["issuer-expired"])
    # Renewed with the same key: the longer lasting one holds.
    renewed = middle(top, "middle renewed", "ended issuing", key_seed="chains middle ended")
    case("renewed-intermediate", [leaf(ended, "leaf ended"), ended, renewed, top], "complete",
         path=3, paths=1)
    late = middle(top, "middle late", "late issuing",
                  ("2026-12-01T00:00:00Z", "2027-12-01T00:00:00Z"))
    case("not-yet-valid-intermediate", [leaf(late, "leaf late"), late, top], "broken", path=3,
         problems=["issuer-not-yet-valid"])
    # A leaf that ended under an issuer that ended after it: whole in its time.
    past = leaf(ended, "leaf past", ("2026-11-17T00:00:00Z", "2026-11-18T00:00:00Z"))
    case("past-leaf", [past, ended, top], "complete", path=3)
    old_root = root("old root", "old root", ("2016-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))
    case("expired-root", [leaf(old_root, "leaf old"), old_root], "broken", path=2,
         problems=["issuer-expired"])

    no_ca = ca_with("no ca", "no ca", top, basic=(False, None), usages=["digitalSignature"])
    case("issuer-not-ca", [leaf(no_ca, "leaf no ca"), no_ca, top], "broken", path=3,
         problems=["issuer-not-ca", "issuer-may-not-sign"])
    no_sign = ca_with("no sign", "no sign", top, usages=["cRLSign"])
    case("wrong-key-usage", [leaf(no_sign, "leaf no sign"), no_sign, top], "broken", path=3,
         problems=["issuer-may-not-sign"])
    # A workload's certificate that issues: the classic abuse of a leaf's key.
    worker = leaf(mid, "worker", cn="worker")
    case("issued-by-leaf", [leaf(worker, "leaf of worker"), worker, mid, top], "broken", path=4,
         problems=["issuer-not-ca", "issuer-may-not-sign"])

    tight = root("tight root", "tight root", path_length=0)
    below = middle(tight, "middle tight", "tight issuing")
    case("path-length", [leaf(below, "leaf tight"), below, tight], "broken", path=3,
         problems=["path-length-exceeded"])
    case("path-length-allowed", [leaf(tight, "leaf tight direct"), tight], "complete", path=2)
    levels = [top]
    for number in range(1, 9):
        levels.append(middle(levels[-1], f"level {number}", f"level {number}"))
    case("too-deep", [leaf(levels[8], "leaf deep"), *levels[:0:-1], top], "not-verifiable",
         problems=["limit-reached"])
    case("deep", [leaf(levels[6], "leaf deep 6"), *levels[6:0:-1], top], "complete", path=8)

    # The issuing CA is signed by the old and by the new root: a rotation under way.
    new = root("root 2027", "prod root 2027", ("2026-10-01T00:00:00Z", "2036-10-01T00:00:00Z"))
    again = middle(new, "middle again", "prod issuing", key_seed="chains middle")
    case("cross-signed", [leaf(mid), mid, again, top, new], "complete", path=3, paths=2, anchors=2)
    # Cross-signed, and one way has ended.
    case("cross-signed-one-ended",
         [leaf(ended, "leaf ended"), ended,
          middle(new, "middle ended new", "ended issuing", key_seed="chains middle ended"), top,
          new], "complete", path=3, paths=1, anchors=1)
    # Two roots that sign each other's names must not run in circles.
    a = ca_with("circle a", "circle a", ca_with("circle b0", "circle b", None))
    b = ca_with("circle b", "circle b", a, key_seed="chains circle b0")
    case("circle", [leaf(a, "leaf circle"), a, b], "missing-issuer")

    odd = make_ca("chains odd", "odd root", *YEARS, key="rsa2048")
    pss = leaf_pss(odd)
    case("pss", [pss, odd], "complete", path=2, keep=True)
    case("pss-odd-salt", [leaf_pss(odd, 7), odd], "not-verifiable", path=2,
         problems=["signature-not-verifiable"], keep=True)
    # Two CAs of one name without key ids, and a signature that is not verified here.
    odd_a = ambiguous_ca("a")
    odd_b = ambiguous_ca("b")
    case("ambiguous", [leaf_pss(odd_a, 7), odd_a, odd_b], "ambiguous", path=2,
         problems=["signature-not-verifiable"], keep=True)

    alone = self_signed_leaf()
    case("self-signed-leaf", [alone], "broken", path=1, problems=["self-signed"])
    foreign = make_ca("chains foreign", "foreign root", *YEARS, spiffe_td="other.example")
    case("other-trust-domain", [leaf(foreign, "leaf foreign"), foreign], "broken", path=2,
         problems=["other-trust-domain"])
    own = make_ca("chains own", "own root", *YEARS, spiffe_td=TD)
    case("own-trust-domain", [leaf(own, "leaf own"), own], "complete", path=2)
    critical = ca_with("critical", "critical", top, extra=[
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.99"), b"\x05\x00"),
         True)])
    case("unknown-critical-extension", [leaf(critical, "leaf critical"), critical, top], "broken",
         path=3, problems=["unknown-critical-extension"])

    host = x509.UniformResourceIdentifier
    inside = constrained("inside", permitted=[host(TD)])
    case("name-constraint-met", [leaf(inside, "leaf inside"), inside, top], "complete", path=3)
    outside = constrained("outside", permitted=[host("other.example")])
    case("name-constraint-broken", [leaf(outside, "leaf outside"), outside, top], "broken",
         path=3, problems=["name-not-permitted"])
    denied = constrained("denied", excluded=[host(TD)])
    case("name-constraint-excluded", [leaf(denied, "leaf denied"), denied, top], "broken", path=3,
         problems=["name-not-permitted"])
    elsewhere = constrained("elsewhere", permitted=[x509.DNSName("prod.example")])
    case("name-constraint-of-other-kind", [leaf(elsewhere, "leaf elsewhere"), elsewhere, top],
         "complete", path=3)
    directory = constrained("directory", permitted=[x509.DirectoryName(name("x"))])
    case("name-constraint-not-evaluated",
         [leaf(directory, "leaf directory", cn="planner"), directory, top], "not-verifiable",
         path=3, problems=["name-constraint-not-evaluated"])

    linkerd = make_ca("chains linkerd", "root.linkerd.cluster.local", *YEARS)
    identity = "planner.agents.serviceaccount.identity.linkerd.cluster.local"
    case("linkerd", [issue(linkerd, "chains linkerd leaf", dns=[identity], profile="linkerd",
                           not_before=DAY[0], not_after=DAY[1]), linkerd], "complete", path=2)

    with open(os.path.join(OUT, "chains.json"), "w", encoding="ascii") as file:
        json.dump(expected, file, indent=1, sort_keys=True)
        file.write("\n")


def ambiguous_ca(seed):
    private = make_key(f"chains ambiguous {seed}", "rsa2048")
    builder = (x509.CertificateBuilder().subject_name(name("twin")).issuer_name(name("twin"))
               .public_key(private.public_key()).serial_number(serial(f"twin {seed}"))
               .not_valid_before(time(YEARS[0])).not_valid_after(time(YEARS[1]))
               .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
               .add_extension(key_usage(["keyCertSign"]), critical=True))
    result = Signed(sign(builder, private), private)
    result.issuer = result
    return result


def leaf_pss(ca, salt=None):
    """A leaf signed with RSASSA-PSS, which draws a salt."""
    private = make_key("chains leaf pss", "p256")
    builder = (x509.CertificateBuilder().subject_name(name("pss"))
               .issuer_name(ca.certificate.subject).public_key(private.public_key())
               .serial_number(serial("pss")).not_valid_before(time(DAY[0]))
               .not_valid_after(time(DAY[1]))
               .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
               .add_extension(key_usage(["digitalSignature"]), critical=True))
    length = padding.PSS.DIGEST_LENGTH if salt is None else salt
    certificate = builder.sign(
        ca.key, hashes.SHA256(),
        rsa_padding=padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=length))
    return Signed(certificate, private, ca)


def self_signed_leaf():
    private = make_key("chains self-signed", "p256")
    subject = name("self")
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
               .public_key(private.public_key()).serial_number(serial("self"))
               .not_valid_before(time(DAY[0])).not_valid_after(time(DAY[1]))
               .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
               .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(
                   f"spiffe://{TD}/ns/agents/sa/planner")]), critical=False))
    return Signed(sign(builder, private), private)


if __name__ == "__main__":
    main()
