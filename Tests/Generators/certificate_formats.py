"""Writes Tests/Data/certificates/formats: one small file of each inventory format.

    python3 Tests/Generators/certificate_formats.py

All files tell of the same certificates (an Istio leaf under an intermediate and a root, a Linkerd leaf),
so that the test can compare what each format tells. Shapes: istioctl and ztunnel config dumps, SPIFFE
bundles, `step certificate inspect --format json`, x509-certificate-exporter and cert-manager metrics,
`spire-server entry show`. Needs PyPI `cryptography` and, for the text format, `openssl`.
"""

import base64
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "samples", "generator"))

import mesh_certificates as mesh  # noqa: E402

OUT = os.path.join(ROOT, "Tests", "Data", "certificates", "formats")
ID = "spiffe://prod.example/ns/agents/sa/planner"
NAME = "web.agents.serviceaccount.identity.linkerd.cluster.local"

root = mesh.make_ca("formats root", "prod.example root", "2025-01-01T00:00:00Z",
                    "2035-01-01T00:00:00Z", spiffe_td="prod.example", organization="prod.example")
mid = mesh.make_ca("formats mid", "prod.example mid", "2026-01-01T00:00:00Z",
                   "2028-01-01T00:00:00Z", parent=root, path_length=0)
leaf = mesh.issue(mid, "formats leaf", uris=[ID], not_before="2026-08-20T10:00:00Z",
                  not_after="2026-08-21T10:00:00Z", key="rsa2048")
linkerd = mesh.issue(mid, "formats linkerd", dns=[NAME], not_before="2026-08-20T10:00:00Z",
                     not_after="2026-08-21T10:00:20Z", profile="linkerd", serial_number=3)


def b64(data):
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def write(name, data):
    if not isinstance(data, str):
        data = json.dumps(data, indent=1) + "\n"
    with open(os.path.join(OUT, name), "w", encoding="utf-8") as file:
        file.write(data)


def envoy(camel):
    def key(text):
        if camel:
            return text
        return "".join("_" + c.lower() if c.isupper() else c for c in text)

    kind = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"
    chain = {key("tlsCertificate"): {
        key("certificateChain"): {key("inlineBytes"): b64(mesh.pem([leaf, mid]))},
        key("privateKey"): {key("inlineBytes"): "W3JlZGFjdGVkXQ=="}}}
    anchors = {key("validationContext"): {
        key("trustedCa"): {key("inlineBytes"): b64(mesh.pem(root))}}}
    domains = {key("validationContext"): {key("customValidatorConfig"): {
        "name": "envoy.tls.cert_validator.spiffe",
        key("typedConfig"): {key("trustDomains"): [{"name": "prod.example", key("trustBundle"): {
            key("inlineString"): mesh.pem(root)}}]}}}}
    return {
        key("dynamicActiveSecrets"): [
            {"name": "default", key("lastUpdated"): "2026-08-20T10:00:00.000Z",
             "secret": {"@type": kind, "name": "default", **chain}},
            {"name": "ROOTCA", "secret": {"@type": kind, "name": "ROOTCA", **anchors}},
            {"name": "spiffe", "secret": {"@type": kind, "name": "spiffe", **domains}}],
        key("dynamicWarmingSecrets"): [
            {"name": "kubernetes://gw-cred", "secret": {"@type": kind,
                                                        "name": "kubernetes://gw-cred"}}]}


def step(signed):
    certificate = signed.certificate
    is_rsa = hasattr(certificate.public_key(), "public_numbers") and hasattr(
        certificate.public_key().public_numbers(), "n")
    usage = {"digital_signature": True, "key_encipherment": True, "value": 5}
    names = {"uniform_resource_identifiers": [ID]} if signed is leaf else {"dns_names": [NAME]}
    key = ({"key_algorithm": {"name": "RSA"},
            "rsa_public_key": {"exponent": 65537, "modulus": "AA==", "length": 2048}}
           if is_rsa else
           {"key_algorithm": {"name": "ECDSA"},
            "ecdsa_public_key": {"curve": "P-256", "length": 256, "pub": "AA=="}})
    extensions = {"key_usage": usage, "subject_alt_name": names,
                  "extended_key_usage": {"server_auth": True, "client_auth": True},
                  "authority_key_id": mesh.x509.SubjectKeyIdentifier.from_public_key(
                      mid.key.public_key()).digest.hex()}
    if signed is leaf:
        extensions["basic_constraints"] = {"is_ca": False}
    return {
        "version": 3, "serial_number": str(certificate.serial_number),
        "signature_algorithm": {"name": "ECDSA-SHA256", "oid": "1.2.840.10045.4.3.2"},
        "issuer": {"common_name": ["prod.example mid"]}, "issuer_dn": "CN=prod.example mid",
        "validity": {"start": certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
                     "end": certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
                     "length": 86400},
        "subject": {} if signed is leaf else {"common_name": [NAME]},
        "subject_dn": "" if signed is leaf else f"CN={NAME}",
        "subject_key_info": {**key, "fingerprint_sha256": signed.spki_sha256},
        "extensions": extensions, "fingerprint_sha256": signed.sha256,
        "validation_level": "unknown", "redacted": False}


def text(signed):
    return subprocess.run(["openssl", "x509", "-noout", "-text"], input=mesh.pem(signed).encode(),
                          capture_output=True, check=True).stdout.decode()


def main():
    os.makedirs(OUT, exist_ok=True)
    write("envoy-istioctl.json", envoy(True))
    node = {"id": "sidecar~10.1.2.3~planner-7d9f.agents~agents.svc.cluster.local"}
    write("envoy-config-dump.json", {"configs": [
        {"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump",
         "bootstrap": {"node": node}},
        {"@type": "type.googleapis.com/envoy.admin.v3.SecretsConfigDump", **envoy(False)}]})
    leaked = envoy(True)
    leaked["dynamicActiveSecrets"][0]["secret"]["tlsCertificate"]["privateKey"] = {
        "inlineBytes": b64(mesh.key_pem(leaf))}
    write("envoy-leaked-key.json", leaked)

    def item(signed):
        certificate = signed.certificate
        return {"pem": b64(mesh.pem(signed)), "serialNumber": str(certificate.serial_number),
                "validFrom": certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "expirationTime": certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")}
    zt = [{"identity": ID, "state": "Available", "certChain": [item(leaf), item(mid)],
           "rootCertificates": [item(root)]},
          {"identity": ID + "2", "state": "Initializing", "certChain": []}]
    write("ztunnel-istioctl.json", zt)
    legacy = item(leaf)
    del legacy["pem"]
    write("ztunnel-config-dump.json", {"workloads": {}, "certificates": [
        {"identity": ID, "state": "Available", "certChain": [legacy, {"pem": mesh.pem(mid)},
                                                             {"pem": mesh.pem(root)}]}]})

    def jwk(signed, **more):
        return {"use": "x509-svid", "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA",
                "x5c": [b64(signed.der)], **more}
    write("bundle.json", {"keys": [jwk(root), {"use": "jwt-svid", "kty": "EC", "kid": "1"}],
                          "spiffe_sequence": 12, "spiffe_refresh_hint": 300})
    write("bundle-odd.json", {"keys": [jwk(root, kid="a"), jwk(root, x5c=[]), jwk(root, d="AAAA")],
                              "spiffe_sequence": 12})
    write("bundle-set.json", {"trust_domains": {"prod.example": {"keys": [jwk(root)]}}})
    write("step.json", step(leaf))
    write("step-bundle.json", [step(leaf), step(linkerd)])
    write("openssl.txt", text(leaf) + text(mid) + text(root))
    write("linkerd-identity.txt", "POD web-7d9f (1 of 2)\n\n" + text(linkerd)
          + "\nPOD web-9c2a (2 of 2)\n\n" + text(linkerd))

    def entry(number, path, **more):
        return {"id": f"c9f6-{number}", "spiffe_id": {"trust_domain": "prod.example", "path": path},
                "parent_id": {"trust_domain": "prod.example", "path": "/spire/agent/k8s_psat/a/1"},
                "selectors": [{"type": "k8s", "value": "ns:agents"},
                              {"type": "k8s", "value": "sa:planner"}],
                "x509_svid_ttl": 0, "jwt_svid_ttl": 0, "federates_with": [], "hint": "",
                "admin": False, "downstream": False, "created_at": "1547583197",
                "expires_at": "0", "dns_names": [], "revision_number": "0", "store_svid": False,
                **more}
    write("spire-entries.json", {"entries": [
        entry(1, "/ns/agents/sa/planner"),
        entry(2, "/ops", admin=True, downstream=True, x509_svid_ttl=7200, jwt_svid_ttl=600,
              expires_at="1800000000", federates_with=["other.example"], dns_names=["ops"])],
        "next_page_token": ""})
    labels = (f'issuer_CN="prod.example mid",serial_number="{leaf.certificate.serial_number}",'
              'subject_CN="planner \\"x\\"",secret_namespace="agents",secret_name="planner-tls",'
              'secret_key="tls.crt"')
    write("exporter.prom", f"""# HELP x509_cert_not_after Indicates the certificate's not after timestamp
# TYPE x509_cert_not_after gauge
x509_cert_not_after{{{labels}}} 1.787306400e+09
# TYPE x509_cert_not_before gauge
x509_cert_not_before{{{labels}}} 1.787220000e+09
x509_cert_error{{filepath="/etc/broken.pem"}} 1
x509_cert_error{{filepath="/etc/fine.pem"}} 0
x509_cert_expired{{{labels}}} 0
""")
    write("cert-manager.prom", """# TYPE certmanager_certificate_expiration_timestamp_seconds gauge
certmanager_certificate_expiration_timestamp_seconds{name="web",namespace="agents",issuer_name="mid"} 1.7873064e+09
certmanager_certificate_ready_status{condition="True",name="web",namespace="agents"} 1
""")
    number = f"{leaf.certificate.serial_number:x}"
    write("inventory.csv", "Subject;Issuer;Serial;Not Before;Not After;SAN;Owner;SHA-256\n"
          f'"O=agents, CN=planner";CN=prod.example mid;{number};2026-08-20T10:00:00Z;'
          f'2026-08-21T10:00:00Z;{ID} DNS:planner.agents;"team; agents";{leaf.sha256}\n'
          'gateway;CN=prod.example mid;0A:1B;2026-08-20;2026-13-45;;"two\nlines";\n')
    write("inventory.jsonl", json.dumps({"san": [ID], "not_after": "2026-08-21T10:00:00Z",
                                         "serial_decimal": str(leaf.certificate.serial_number),
                                         "is_ca": False}) + "\n"
          + json.dumps({"subject": "CN=gw", "not_after": "2026-09-01T00:00:00Z"}) + "\n")
    facts = {"leaf": leaf.sha256, "mid": mid.sha256, "root": root.sha256,
             "linkerd": linkerd.sha256, "leafSPKI": leaf.spki_sha256,
             "leafSerial": "0" * (len(number) % 2) + number}
    write("facts.json", facts)


if __name__ == "__main__":
    main()
