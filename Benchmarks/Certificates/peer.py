"""What Python's `cryptography` does with the same file, on one core: peer.py FILE load|facts.

`load` takes every certificate apart once; `facts` also asks for what an inventory keeps: serial, names, validity,
key, extensions, and the SHA-256 of certificate and key.
"""
import hashlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

with open(sys.argv[1], "rb") as file:
    certificates = x509.load_pem_x509_certificates(file.read())
kept = []
if sys.argv[2] == "facts":
    for one in certificates:
        extensions = {e.oid.dotted_string: (e.critical, e.value) for e in one.extensions}
        key = one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        kept.append((
            hashlib.sha256(one.public_bytes(Encoding.DER)).digest(), hashlib.sha256(key).digest(),
            one.serial_number, one.subject.rfc4514_string(), one.issuer.rfc4514_string(),
            one.not_valid_before_utc, one.not_valid_after_utc, one.signature_algorithm_oid, extensions))
print(len(certificates), "certificates")
