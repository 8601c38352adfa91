# Everything the portal can do from a bare machine: Python 3.11 or newer with venv, and make.
# Every target may be run again and again; nothing outside this folder is changed.

PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python
ARGS ?=
WORKERS ?= 2
# A few tests at a time: browser tests stand side by side, and one worker would get all of them.
SHARED := -n $(WORKERS) --maxschedchunk 4

.PHONY: demo test test-sqlite test-postgres lint format audit production-check faults faults-long bench readability handbook clean help

help:  ## say what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 18

demo: runtime  ## load the county's data and serve the portal on SQLite (ARGS=--no-server: only load)
	$(RUN) manage.py demo $(ARGS)

test: test-sqlite test-postgres  ## the whole suite on SQLite, then on PostgreSQL, with the browser tests

test-sqlite: developer
	@echo "== tests on SQLite"
	env -u DATABASE_URL $(RUN) -m pytest -q $(SHARED) $(ARGS)

test-postgres: developer
	@echo "== tests on PostgreSQL"
	@sh tools/postgres.sh available || { [ "$$CI" != "true" ]; exit $$?; }; \
	if sh tools/postgres.sh available >/dev/null; then \
		sh tools/postgres.sh run $(RUN) -m pytest -q $(SHARED) --database-only $(ARGS); fi

lint: developer  ## style, types, import contracts, migrations, deployment checks
	@sh tools/lint.sh

format: developer  ## put Python and templates into the agreed form
	$(BIN)/ruff check --fix-only --quiet . || true
	$(BIN)/ruff format .
	@sh tools/templates.sh format

audit: developer node_modules/.installed  ## outside checkers over every kind of public page
	$(RUN) -m tools.audit $(ARGS)

production-check: developer node_modules/.installed  ## the shipped PostgreSQL, gunicorn and nginx set-up on loopback, looked at from outside
	@sh tools/postgres.sh available || { [ "$$CI" != "true" ]; exit $$?; }; \
	if sh tools/postgres.sh available >/dev/null; then \
		sh tools/postgres.sh run $(RUN) -m tools.production $(ARGS) && \
		echo "== the same on SQLite, where the database makes a difference" && \
		env -u DATABASE_URL $(RUN) -m tools.production --only "released change,error page,jobs and doctor,figures"; fi

faults: developer  ## what must not happen, tried on a running installation, in minutes (ARGS="--only F1,F12")
	$(RUN) -m tests.faults $(ARGS)

faults-long: developer  ## the same at length: 200 kills, 10,000 cases a form (ARGS="--minutes 10": a sixth of everything)
	$(RUN) -m tests.faults --long $(ARGS)

bench: developer  ## measure speed against the goals, ten minutes at most (ARGS=--long: everything; --write: docs/performance.md)
	$(RUN) -m bench $(ARGS)

readability: developer  ## the twenty hardest texts by Wiener Sachtextformel
	$(RUN) -m pytest -q -s tests/test_readability.py

handbook: developer  ## take the pictures of the staff handbook anew
	$(RUN) -m tools.handbook

clean:  ## remove the environment, node tools and all generated files (not the database)
	rm -rf .venv node_modules staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis var/audit var/faults

.PHONY: runtime developer
runtime:
	@PYTHON=$(PYTHON) sh tools/environment.sh requirements.txt

developer:
	@PYTHON=$(PYTHON) sh tools/environment.sh requirements-dev.txt

node_modules/.installed: package.json
	PUPPETEER_SKIP_DOWNLOAD=1 npm install --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@
