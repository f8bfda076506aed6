"""The certificates of both samples: what the proxies hold at the time of the audit."""

import base64

from assist_platform import TRUST_DOMAIN
from mesh_certificates import chain, issue, make_ca, pem

HOSTS = ["assist.meridian.example", "claims.meridian.example", "oversight.meridian.example"]


class Inventory:
    """`files`: name to bytes."""

    def __init__(self, variant):
        self.variant = variant
        self.files = {}
        root = make_ca("assist root", "Meridian Mesh Root CA", "2024-03-01T00:00:00Z",
                       "2034-03-01T00:00:00Z", spiffe_td=TRUST_DOMAIN, organization="Meridian")
        if variant.has_defects:  # ends 38 days after the audit
            validity = ("2025-12-28T00:00:00Z", "2026-12-28T00:00:00Z")
        else:
            validity = ("2026-11-02T00:00:00Z", "2027-11-02T00:00:00Z")
        self.issuing = make_ca(f"assist issuing {validity[0]}", "istiod issuing CA", *validity,
                               spiffe_td=TRUST_DOMAIN, organization="Meridian", parent=root,
                               path_length=0)
        self._text("root-ca.pem", "# The mesh's trust anchor, offline since 2024.\n" + pem(root))
        self._text("issuing-ca.pem", "# Signs for istiod (secret istio-system/cacerts).\n"
                   + pem(self.issuing))
        for index, workload in enumerate(variant.workloads.values()):
            if workload.has_proxy:
                self._workload(workload, index)
        self._gateway()

    def _text(self, name, text):
        self.files[name] = text.encode("ascii")

    def _issue(self, workload, label, not_before, not_after, key="p256"):
        return issue(self.issuing, f"{self.variant.name} {workload.key} {label}",
                     uris=[workload.principal], not_before=not_before, not_after=not_after, key=key)

    def _workload(self, workload, index):
        bad = self.variant.has_defects
        name = f"{workload.namespace}_{workload.name}"
        # Istio's workload certificates live for a day and are renewed in the last half of it.
        hour, minute = index * 17 % 6, index * 23 % 60
        times = (f"2026-11-20T{hour:02d}:{min(minute, 50):02d}:09Z",
                 f"2026-11-21T{hour:02d}:{min(minute, 50):02d}:09Z")
        if hour == 5:
            times = tuple(t.replace("T05", "T04") for t in times)
        key = "p256"
        if bad:
            times, key = {
                # Not renewed: four hours of a day are left.
                "agents/planner": (("2026-11-19T10:12:31Z", "2026-11-20T10:12:31Z"), key),
                # Not renewed and over.
                "models/embedding": (("2026-11-18T21:40:05Z", "2026-11-19T21:40:05Z"), key),
                # SECRET_TTL of 90 days.
                "oversight/audit-console": (("2026-11-01T08:30:00Z", "2027-01-30T08:30:00Z"), key),
                # Signed for a key that came with an old appliance.
                "tenant-nord/advisor": (times, "rsa1024"),
            }.get(workload.key, (times, key))
        leaf = self._issue(workload, "current", *times, key=key)
        note = f"# istio-proxy of {workload.pods[0].name}.{workload.namespace}: istioctl proxy-config secret\n"
        text = note + pem(chain(leaf))
        if workload.key == "data/vector-db":
            self.files[name + ".der"] = leaf.der
            return
        if workload.key == "oversight/audit-console":
            text = text.replace("\n", "\r\n")  # came over a Windows jump host
        self._text(name + ".pem", text)
        if workload.key == "agents/retriever":
            # The certificate before: short of its end, but renewed.
            before = self._issue(workload, "before", "2026-11-19T08:05:09Z", "2026-11-20T08:05:09Z")
            self._text(name + "_previous.pem", note + pem(before))

    def _gateway(self):
        root = make_ca("assist web root", "Meridian Public TLS Root", "2024-01-15T00:00:00Z",
                       "2039-01-15T00:00:00Z", organization="Meridian", key="p384")
        middle = make_ca("assist web issuing", "Meridian Public TLS Issuing 3",
                         "2025-06-01T00:00:00Z", "2030-06-01T00:00:00Z", organization="Meridian",
                         parent=root, path_length=0)
        leaf = issue(middle, "assist web", dns=HOSTS, cn=HOSTS[0], profile="web",
                     not_before="2026-10-28T00:00:00Z", not_after="2027-01-26T00:00:00Z")
        self._text("public-tls-root.pem", pem(root))
        data = base64.b64encode(pem(chain(leaf)).encode("ascii")).decode()
        self._text("gateway-tls-secret.yaml", f"""# The private key was taken out before the export.
apiVersion: v1
kind: Secret
metadata:
  name: meridian-example-tls
  namespace: gateways
  annotations:
    cert-manager.io/certificate-name: meridian-example
type: kubernetes.io/tls
data:
  tls.crt: {data}
  tls.key: ""
""")
