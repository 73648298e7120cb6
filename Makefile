# Two commands: `make run` and `make test`. Works with GNU Make 3.81 and bash 3.2.
SHELL := /bin/bash
PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
export WEB_PORT SIMULATOR_PORT SMTP_PORT

.PHONY: run test faults season test-deep bench setup setup-dev lint check lock clean translations

run: setup
	@$(BIN)/python -m launcher

CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)

setup: .venv/.ready $(CATALOGUES:.po=.mo)

%.mo: %.po .venv/.ready
	@$(BIN)/pybabel -q compile -i $< -o $@

.venv/.ready: requirements.txt
	@if [ -z "$(PYTHON)" ]; then echo "Latchkey needs Python 3.11 or newer. Install it (apt install python3 python3-venv, or brew install python@3.12) and run this again."; exit 1; fi
	@echo "Setting up .venv with $(PYTHON) …"
	@$(PYTHON) -m venv .venv || { echo "Python has no venv module. Install it (apt install python3-venv) and run this again."; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt || { echo "The dependencies could not be installed. Check the network and run this again."; exit 1; }
	@touch $@

setup-dev: .venv/.ready-dev setup

.venv/.ready-dev: .venv/.ready requirements-dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt || { echo "The tools for the tests could not be installed. Check the network and run this again."; exit 1; }
	@touch $@

# Without what is compiled being kept, each process would compile the tests again: half a minute.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n 3 --dist worksteal

test: setup-dev lint
	@$(BIN)/python -m tests.support.system
	@$(PYTEST)

# Only what is tried on drawn examples, on forty times as many of them.
test-deep: setup-dev
	@EXAMPLES=40 $(PYTEST) -m hypothesis --timeout 3600

# Every lock command with every fault; writes the table into docs/faults.md.
faults: setup-dev
	@$(BIN)/python -m tests.faults

# A year at thirty rooms, in simulated time, every lock looked at after each step: 40 minutes.
SEED := 1
season: setup-dev
	@$(BIN)/python -m tests.season --seed $(SEED)

lint: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy

# Takes what guests read into the catalogues, where it then waits to be translated.
translations: setup-dev
	@mkdir -p var
	@$(BIN)/pybabel -q extract -F pyproject.toml -k _l --no-location --no-wrap -o var/messages.pot .
	@$(BIN)/pybabel -q update -i var/messages.pot -d app/translations --no-wrap --no-fuzzy-matching --ignore-obsolete

bench: setup-dev
	@$(BIN)/python -m bench

lock:
	@python3 -m venv .venv-lock && .venv-lock/bin/pip install -q uv
	@.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements.in -o requirements.txt
	@.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements-dev.in -o requirements-dev.txt
	@rm -rf .venv-lock

clean:
	@rm -rf var
