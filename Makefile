# Two commands: `make run` publishes from the bundled sample, `make test` checks the project. Each sets up all it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: run test lint lint-python lint-dbt bench bench-site browser every-page truth reproduce privacy clients bi-check docs ui synth-sample lock clean help env always

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
READY := $(VENV)/.ready
CLIENTS := .venv-clients
CLIENTS_READY := $(CLIENTS)/.ready
BI := .venv-bi
BI_READY := $(BI)/.ready
SAMPLE := data/sample
SIZE ?= 100000
DRIVERS := odbc-postgresql libodbc2 libodbcinst2 libltdl7 libpq5 libpostgresql-jdbc-java
export DO_NOT_TRACK = 1
export DBT_SEND_ANONYMOUS_USAGE_STATS = false
export DAGSTER_DISABLE_TELEMETRY = yes
export GX_ANALYTICS_ENABLED = false

run: env ## publish a release from the sample deliveries and say where to look
	@$(VENV)/bin/core run --landing $(SAMPLE) --as-of "$$(cat $(SAMPLE)/AS_OF)"

test: env browser ## the tests
	@$(MAKE) --no-print-directory $(CLIENTS_READY) || echo "no $(CLIENTS): tests of real servers and clients are skipped"
	@$(VENV)/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

lint: env ## ruff, mypy, sqlfmt, dbt parse without a warning
	@$(MAKE) --no-print-directory -j 2 lint-python lint-dbt

lint-python:
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

lint-dbt:
	@$(VENV)/bin/sqlfmt --check --quiet dbt_project examples
	@$(VENV)/bin/dbt --quiet --warn-error parse --project-dir dbt_project --profiles-dir dbt_project \
	    --target-path ../var/lint --log-path var/lint --no-partial-parse

bench-site: env ## a site of 1,800 schools from the release of `make run`: time, size, how fast a page opens
	@$(VENV)/bin/python -m bench.site

every-page: env browser ## opens every page of the sample in Chromium, not one a kind: errors, charts against tables, width (5 minutes)
	@CORE_EVERY_PAGE=1 CORE_REQUIRE_BROWSER=1 $(VENV)/bin/python -m pytest -q -n 0 tests/pages/test_browser.py

# For tests of the pages and for `core page`. Only root on Debian can install it here; elsewhere the tests say what is missing.
browser: ## install Chromium where this can be done (root on Debian)
	@command -v chromium chromium-browser google-chrome >/dev/null || test -n "$$CORE_CHROMIUM" || \
	 { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	   echo "installing Chromium (once)" && apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium >/dev/null; } || \
	 echo "no Chromium: tests of the pages are left out; install one (Debian: apt-get install chromium) or set CORE_CHROMIUM"

bench: env ## time, rows a second and peak memory per phase for SIZE students, beside 10,000
	@$(VENV)/bin/python -m bench.run --students 10000 --students $(SIZE)

clients: env $(CLIENTS_READY) ## real servers and clients on the whole current release (`make run` first): PostgreSQL, S3, ODBC, JDBC, ...
	@CORE_TEST_RELEASE="$$(realpath var/published/current)" $(VENV)/bin/python -m pytest -q tests/pipelines/targets tests/clients

bi-check: env $(BI_READY) ## Apache Superset on the current release (`make run` first): its numbers, and a chart in Chromium
	@$(VENV)/bin/python -m tests.bi "$$(realpath var/published/current)" --superset $(BI) --out var/bi

truth: env ## five worlds of 20,000 students against the reference, and planted errors that must be found (15 minutes)
	@$(VENV)/bin/python -m tests.truth

privacy: env ## ten leaks planted in turn into the public tier of `make run`, each must be found by the audit (minutes)
	@$(VENV)/bin/python -m tests.privacy

docs: run ## write again what is made and committed: docs/erd.svg, examples/README.md with what the sample answers
	@$(VENV)/bin/python -m pipelines.release.site.erd
	@$(VENV)/bin/python -m examples.readme

reproduce: env ## the sample with 1, 2 and 8 threads, at once and by night; three releases verified (a quarter of an hour)
	@$(VENV)/bin/python -m tests.reproduce

ui: env ## the Dagster UI on the runs of `core run` (http://127.0.0.1:3000)
	@set -a; . ./.env; set +a; mkdir -p "$$DAGSTER_HOME"; \
	 export CORE_AS_OF="$${CORE_AS_OF:-$$(cat $(SAMPLE)/AS_OF)}"; \
	 $(VENV)/bin/python -m pipelines.dagster_home "$$DAGSTER_HOME"; \
	 exec $(VENV)/bin/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

synth-sample: env ## write data/sample again by its RECIPE.yml (the same seed gives the same bytes)
	@rm -rf var/sample
	@$(VENV)/bin/core synth var/sample $$($(VENV)/bin/python -c \
	    'import sys, yaml; print(*yaml.safe_load(open(sys.argv[1]))["arguments"])' $(SAMPLE)/RECIPE.yml)
	@rm -rf var/sample/_truth && cp $(SAMPLE)/RECIPE.yml var/sample/ && rm -rf $(SAMPLE) && mv var/sample $(SAMPLE)

lock: $(READY) ## pin requirements.in into requirements.lock
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate requirements.in -o requirements.lock
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate requirements-clients.in -o requirements-clients.lock
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate requirements-bi.in -o requirements-bi.lock

clean: ## remove what runs wrote (var/); the environment stays
	rm -rf var dbt_project/target dbt_project/logs .mypy_cache .ruff_cache .pytest_cache .hypothesis

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 22

env: $(READY) .env
	@$(VENV)/bin/python -m pipelines.dbt_project
	@$(VENV)/bin/python -m pipelines.release.site.charts

# Redone only when the lock or the project's metadata changes. Everything comes from the lock, with its hash.
$(READY): requirements.lock pyproject.toml
	@echo "setting up $(VENV) (once; about a minute)"
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(VENV)/bin/uv pip sync --quiet --compile-bytecode --python $(VENV)/bin/python --require-hashes requirements.lock
	@$(VENV)/bin/uv pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --offline --editable .
	@touch $@

# Servers and clients for tests; heavy, so beside the environment that a run needs. Drivers of ODBC and JDBC are Debian's,
# taken out of their packages and installed nowhere; where apt is not there, their tests say so and are skipped.
$(CLIENTS_READY): $(READY) requirements-clients.lock
	@echo "setting up $(CLIENTS) (once; under a minute)"
	@test -x $(CLIENTS)/bin/python || $(PYTHON) -m venv $(CLIENTS)
	@nice $(VENV)/bin/uv pip sync --quiet --python $(CLIENTS)/bin/python --require-hashes requirements-clients.lock
	@mkdir -p $(CLIENTS)/debian && cd $(CLIENTS)/debian && { \
	    apt-get download -qq $(DRIVERS) || { apt-get update -qq && apt-get download -qq $(DRIVERS); } ; \
	  } >apt.log 2>&1 && for package in *.deb; do dpkg-deb -x "$$package" . || exit 1; done \
	  || echo "drivers of ODBC and JDBC could not be had ($(CLIENTS)/debian/apt.log)"
	@touch $@

$(BI_READY): $(READY) requirements-bi.lock
	@echo "setting up $(BI) (once; about a minute, 730 MB)"
	@test -x $(BI)/bin/python || $(PYTHON) -m venv $(BI)
	@nice $(VENV)/bin/uv pip sync --quiet --python $(BI)/bin/python --require-hashes requirements-bi.lock
	@touch $@

# The UI shows the runs of `core run` only if both use one DAGSTER_HOME, and dagster wants it absolute. Written each time:
# for dagster's commands this file wins over the environment.
.env: always
	@echo "DAGSTER_HOME=$$(realpath -m "$${CORE_HOME:-$(CURDIR)/var}")/dagster" > $@

always:
