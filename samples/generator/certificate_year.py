"""The sample `certificate-year`: 200 certificates of one year, with rotations, two of them missed.

Ten workloads hold certificates of 30 days and renew after 20; the issuing CA is replaced every quarter of a year, and
on 2 November 2026 a second root is taken into use beside the first. `agents/planner` was not renewed in
May and stood without a certificate for three days; `models/reranker` should have been renewed in the middle of November and was not.
"""

import datetime
import random

from mesh_certificates import issue, make_ca, pem

NAME = "certificate-year"
TRUST_DOMAIN = "orchard.example"
SEED = 20261124
COUNT = 200
AS_OF = datetime.datetime(2026, 11, 20, 6, tzinfo=datetime.timezone.utc)
BEGIN = datetime.datetime(2025, 11, 21, tzinfo=datetime.timezone.utc)
LIFETIME, RENEWAL = datetime.timedelta(days=30), datetime.timedelta(days=20)
NEW_ROOT = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.timezone.utc)
WORKLOADS = [("models", "reranker"), ("agents", "planner"), ("agents", "critic"),
             ("agents", "summarizer"), ("models", "embedding"), ("tools", "browser"),
             ("tools", "mail"), ("data", "vector-db"), ("data", "feature-store"), ("edge", "gateway")]
WEB_HOST = "orchard.example"


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Year:
    def __init__(self):
        self.random = random.Random(SEED)
        self.made = []  # (when it was met, certificate)
        old = self._root("old", "Orchard Mesh Root 1", "2022-09-01T00:00:00Z", "2027-09-01T00:00:00Z")
        new = self._root("new", "Orchard Mesh Root 2", text(NEW_ROOT), "2031-11-02T09:00:00Z")
        self.issuing = []
        starts = [datetime.datetime(2025, 11, 1, 9, tzinfo=datetime.timezone.utc)
                  + datetime.timedelta(days=90 * number) for number in range(4)] + [NEW_ROOT]
        for number, start in enumerate(starts):
            ca = make_ca(f"{NAME} issuing {number}", "Orchard Issuing CA", text(start),
                         text(start + datetime.timedelta(days=130)), spiffe_td=TRUST_DOMAIN,
                         organization="Orchard", parent=new if start == NEW_ROOT else old, path_length=0)
            self.issuing.append((start, ca))
            self.made.append((max(start, BEGIN), ca))
        for index, workload in enumerate(WORKLOADS):
            self._workload(index, *workload)
        self._web_server(COUNT - len(self.made))

    def _root(self, label, name, begin, end):
        root = make_ca(f"{NAME} root {label}", name, begin, end, spiffe_td=TRUST_DOMAIN, organization="Orchard")
        self.made.append((max(datetime.datetime.fromisoformat(begin), BEGIN), root))
        return root

    def _issuer(self, moment):
        return [ca for start, ca in self.issuing if start <= moment][-1]

    def _workload(self, index, namespace, name):
        start = BEGIN + datetime.timedelta(hours=41 * index)
        number = 0
        while start < AS_OF:
            if (namespace, name) == ("models", "reranker") and start > NEW_ROOT:
                break  # missed: the certificate of the end of October is the last
            issuer = self._issuer(start)
            leaf = issue(issuer, f"{NAME} {namespace}/{name} {number}",
                         uris=[f"spiffe://{TRUST_DOMAIN}/ns/{namespace}/sa/{name}"], not_before=text(start),
                         not_after=text(start + LIFETIME))
            self.made.append((start, leaf))
            number += 1
            wait = RENEWAL
            if (namespace, name) == ("agents", "planner") and start.month == 5 and number < 12:
                wait = LIFETIME + datetime.timedelta(days=3)  # missed: noticed when nothing worked
            start += wait + datetime.timedelta(minutes=self.random.randrange(-240, 240))

    def _web_server(self, count):
        """The public name, renewed evenly, so that the year has exactly its number of certificates."""
        step = (AS_OF - BEGIN) / count
        for number in range(count):
            start = BEGIN + step * number
            leaf = issue(self._issuer(start), f"{NAME} web {number}", dns=[WEB_HOST], cn=WEB_HOST, profile="web",
                         not_before=text(start), not_after=text(start + 1.8 * step))
            self.made.append((start, leaf))

    def files(self):
        """One bundle a month: what the inventory job met for the first time in it."""
        months = {}
        for moment, certificate in sorted(self.made, key=lambda item: (item[0], item[1].sha256)):
            months.setdefault(moment.strftime("%Y-%m"), []).append(certificate)
        return {f"certificates/{month}.pem": (f"# Met for the first time in {month}.\n" + pem(items)).encode("ascii")
                for month, items in months.items()}


def sample_files(_name):
    year = Year()
    assert len(year.made) == COUNT, len(year.made)
    return year.files()
