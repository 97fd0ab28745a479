# Everything a developer or CI calls. `make help` lists it.

SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
CLIENT := sdk/browser
# What Node automates browsers with, for tests/e2e/drivers.
DRIVERS := tests/e2e/drivers/node
FLAG_CLIENTS := tests/flags/clients/node
# What the client is measured beside.
RIVALS := benchmarks/client
# What flags are measured beside, installed where nothing else looks.
PEERS := build/flags-peers
# Those of ours; console/templates/admin and unfold are other people's, repaired.
TEMPLATES := templates accounts/templates common/templates console/templates/console integrations/templates \
	portal/templates sessions_app/templates
# What the checks need where production would have secrets.
DUMMY := SECRET_KEY=check-only-check-only-check-only-check-only-check-only-0123456789 \
	KEY_PEPPER=check-only FIELD_KEYS=check:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= \
	DATABASE_URL=postgres://check@localhost/check \
	REDIS_URL=redis://localhost:6379/0 ALLOWED_HOSTS=bonafide.example

RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

.PHONY: help run test test-all test-client test-embedded test-main check check-client \
	fmt types imports messages requirements client bench clean
.DEFAULT_GOAL := help

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(RUNTIME): requirements.txt
	@echo "Installing what Bonafide runs on into $(VENV): about half a minute, once."
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt requirements-drivers.txt
	@echo "Installing what developers add: about half a minute, once."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt \
		-r requirements-dev.txt -r requirements-drivers.txt
	@touch $@

run: $(RUNTIME)  ## set everything up and serve it on PORT (8000), data in BONAFIDE_DATA_DIR (var/)
	@exec $(MANAGE) serve

test: $(DEVELOPMENT)  ## run every test; brings PostgreSQL, Redis, Chromium, a screen and Node itself
	@$(PY) -m tests.services --with postgres,redis,chromium,chromedriver,node,screen -- $(MAKE) --no-print-directory test-all

test-all: test-client test-embedded test-main

test-client: $(CLIENT)/node_modules/.installed
	@cd $(CLIENT) && npm run --silent check && npm test --silent

test-embedded: $(DEVELOPMENT)
	@env -u DATABASE_URL -u REDIS_URL $(PY) -m pytest -q -n 3 -m api

# Five at once on two processors: tests with a browser wait most of their time. Whoever
# is done takes over from the others, for those tests stand together.
test-main: $(DEVELOPMENT) $(DRIVERS)/node_modules/.installed $(FLAG_CLIENTS)/node_modules/.installed
	@$(PY) -m pytest -q -n 5 --dist worksteal --cov --cov-report=term --cov-fail-under=95

check: $(DEVELOPMENT) check-client  ## everything that needs no test: style, types, imports, dangerous calls, templates, migrations
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-logo
# Its findings go to stdout; on stderr it wonders about lines that are excepted.
	@$(VENV)/bin/bandit --quiet --configfile pyproject.toml --recursive . 2>/dev/null
	@$(VENV)/bin/djlint --quiet --check --lint $(TEMPLATES) || { echo "Templates: make fmt mends them."; exit 1; }
	@$(VENV)/bin/codespell
	@DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) check --fail-level WARNING
	@$(DUMMY) DJANGO_SETTINGS_MODULE=config.settings.production $(MANAGE) check --deploy --fail-level WARNING

check-client: $(CLIENT)/node_modules/.installed
	@cd $(CLIENT) && npm run --silent check

fmt: $(DEVELOPMENT)  ## format the code and mend what can be mended by machine
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .
	@$(VENV)/bin/djlint --quiet --reformat $(TEMPLATES) || true

types: $(DEVELOPMENT)  ## check types
	@$(PY) -m mypy

imports: $(DEVELOPMENT)  ## check who imports whom
	@$(VENV)/bin/lint-imports --no-logo

messages: $(DEVELOPMENT)  ## collect and compile translations (needs gettext)
	@$(MANAGE) makemessages --all --no-obsolete --no-location \
		--ignore .venv --ignore build --ignore var --ignore node_modules --ignore tests
	@$(MANAGE) compilemessages --ignore .venv -v 0

requirements:  ## pin requirements.in, requirements-dev.in, requirements-drivers.in and the benchmarks' anew
	@for name in requirements requirements-dev requirements-drivers benchmarks/flags/requirements; do \
		UV_CUSTOM_COMPILE_COMMAND="make requirements" $(VENV)/bin/uv pip compile --quiet --upgrade \
			--universal --python-version 3.11 --generate-hashes --no-strip-extras \
			$$name.in -o $$name.txt || exit 1; done

$(CLIENT)/node_modules/.installed: $(CLIENT)/package-lock.json
	@cd $(CLIENT) && npm ci --silent --no-audit --no-fund
	@touch $@

$(DRIVERS)/node_modules/.installed: $(DRIVERS)/package-lock.json
	@cd $(DRIVERS) && npm ci --silent --no-audit --no-fund
	@touch $@

$(FLAG_CLIENTS)/node_modules/.installed: $(FLAG_CLIENTS)/package-lock.json
	@cd $(FLAG_CLIENTS) && npm ci --ignore-scripts --silent --no-audit --no-fund
	@touch $@

client: $(CLIENT)/node_modules/.installed  ## build the browser's client into sdk/browser/dist
	@cd $(CLIENT) && npm run --silent build

$(PEERS)/.installed: $(DEVELOPMENT) benchmarks/flags/requirements.txt
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --target $(PEERS) --require-hashes \
		-r benchmarks/flags/requirements.txt
	@touch $@

$(RIVALS)/node_modules/.installed: $(RIVALS)/package-lock.json $(RIVALS)/tracker.mjs
	@cd $(RIVALS) && npm ci --silent --no-audit --no-fund
	@touch $@

bench: $(DEVELOPMENT) $(CLIENT)/node_modules/.installed $(RIVALS)/node_modules/.installed $(DRIVERS)/node_modules/.installed $(PEERS)/.installed  ## measure the engines, the intake and the browser's client
	@for name in growth client botd; do $(PY) -m benchmarks.$$name || exit 1; done
	@$(PY) -m tests.services --with redis -- $(PY) -m benchmarks.flags
	@$(PY) -m benchmarks.flag_serving

clean:  ## remove what was made, but never data
	@rm -rf $(VENV) build static-collected $(CLIENT)/node_modules $(DRIVERS)/node_modules $(FLAG_CLIENTS)/node_modules $(RIVALS)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
