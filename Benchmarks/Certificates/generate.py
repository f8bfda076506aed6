#!/usr/bin/env python3
"""Write one PEM bundle of a given number of certificates, the same bytes every time.

    generate.py FILE --certificates 100000

The inventory of a mesh that was collected ten times: a root, eight issuing CAs under it, and workloads with
ten successive certificates each, every one with a key of its own (ECDSA P-256, signed ECDSA-SHA-256), SPIFFE
ID in a critical SAN, 24 hours, renewed at half of them, as Istio issues. Of a hundred workloads one was
never renewed in time and one holds a certificate for server authentication only. Needs PyPI `cryptography` 43 or later.
"""
import argparse
import datetime
import hashlib
import multiprocessing

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TRUST_DOMAIN = "bench.example"
ISSUER_COUNT, LIVES = 8, 10
AS_OF = datetime.datetime(2026, 11, 20, 6, tzinfo=datetime.timezone.utc)
USAGE = {"digital_signature": False, "content_commitment": False, "key_encipherment": False,
         "data_encipherment": False, "key_agreement": False, "key_cert_sign": False,
         "crl_sign": False, "encipher_only": False, "decipher_only": False}
SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH


def key(seed):
    digest = hashlib.sha256(seed.encode()).digest()
    return ec.derive_private_key(int.from_bytes(digest, "big") >> 1 | 1, ec.SECP256R1())


def serial(seed):
    return int.from_bytes(hashlib.sha256(("serial " + seed).encode()).digest()[:15], "big") | 1


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bench"),
                      x509.NameAttribute(NameOID.COMMON_NAME, text)])


def build(seed, subject, issuer, spiffe_id, begin, end, signer, extensions):
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
               .public_key(key(seed).public_key()).serial_number(serial(seed))
               .not_valid_before(begin).not_valid_after(end)
               .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(spiffe_id)]),
                              critical=not list(subject))
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key(signer).public_key()),
                              critical=False))
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    signed = builder.sign(key(signer), hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(serialization.Encoding.PEM)


def authority(index):
    """The root (no index) or an issuing CA."""
    seed = "root" if index is None else f"issuing {index}"
    subject = name("bench root" if index is None else f"bench issuing {index}")
    usage = x509.KeyUsage(**{**USAGE, "key_cert_sign": True, "crl_sign": True})
    return build(seed, subject, name("bench root"), f"spiffe://{TRUST_DOMAIN}",
                 AS_OF - datetime.timedelta(days=100), AS_OF + datetime.timedelta(days=1000), "root",
                 [(x509.BasicConstraints(True, None if index is None else 0), True), (usage, True),
                  (x509.SubjectKeyIdentifier.from_public_key(key(seed).public_key()), False)])


def leaves(index):
    """The successive certificates of one workload, oldest first."""
    issuer = f"issuing {index % ISSUER_COUNT}"
    begin = AS_OF - datetime.timedelta(seconds=1 + index * 7919 % 39_600)
    usage = x509.KeyUsage(**{**USAGE, "digital_signature": True, "key_encipherment": True})
    purposes = x509.ExtendedKeyUsage([SERVER] if index % 100 == 1 else [SERVER, CLIENT])
    if index % 100 == 2:
        begin -= datetime.timedelta(hours=22)
    result = []
    for life in range(LIVES):
        start = begin - datetime.timedelta(hours=12 * (LIVES - 1 - life))
        result.append(build(
            f"leaf {index} {life}", x509.Name([]), name(f"bench {issuer}"),
            f"spiffe://{TRUST_DOMAIN}/ns/team-{index % 97:02d}/sa/agent-{index:06d}", start,
            start + datetime.timedelta(hours=24), issuer,
            [(x509.BasicConstraints(False, None), True), (usage, True), (purposes, False)]))
    return b"".join(result)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--certificates", type=int, default=100_000)
    options = parser.parse_args()
    with open(options.file, "wb") as file, multiprocessing.Pool() as pool:
        for index in [None, *range(ISSUER_COUNT)]:
            file.write(authority(index))
        for text in pool.imap(leaves, range(options.certificates // LIVES), chunksize=50):
            file.write(text)


if __name__ == "__main__":
    main()
