# Everything is set up by the first target that needs it; nothing is installed outside this folder.
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
PIP_OPTIONS := --disable-pip-version-check --quiet install --require-hashes --only-binary=:all:
PIP := $(PY) -m pip $(PIP_OPTIONS)
TYPED := app.py config.py outside.py server.py demo.py portal sync m365 conferencing jobs blueprints migrations simulator
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo run test foreign unit crash journeys lint types bench soak mutants migrate format pictures clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/.ready ## Make the virtual environment with the pinned parts

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Lockstep needs Python 3.11 or newer: PYTHON=python3.12 make demo"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing: install it first (Debian, Ubuntu: apt install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.ready: .venv/.made requirements.txt
	@echo "Installing the pinned parts (once, about half a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: .venv/.ready requirements-dev.txt
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

demo: .venv/.ready ## Run the portal with sample people and a simulated Microsoft 365
	@exec $(PY) app.py demo

run: .venv/.ready instance/seal.keys ## Run the portal on this machine
	@exec $(PY) app.py run

instance/seal.keys: | .venv/.ready
	@$(PY) app.py new-key

migrate: .venv/.ready ## Bring the database to this version's schema (run does so by itself)
	@$(PY) app.py migrate

test: lint types unit journeys ## Everything that must pass: style, types, tests, browser journeys

lint: .venv/.dev ## Style of code and templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint --quiet --lint templates simulator/templates

types: .venv/.dev ## Types
	@$(BIN)/mypy $(TYPED)

unit: .venv/.dev ## Tests without a browser
	@$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m "not browser and not long"

.venv-foreign/.ready: requirements-foreign.txt | .venv/.made
	@echo "Installing the clients that others wrote (once, 500 MB) ..."
	@$(PYTHON) -m venv .venv-foreign
	@.venv-foreign/bin/python -m pip $(PIP_OPTIONS) -r requirements-foreign.txt
	@touch $@

# Other people's clients warn about themselves; that is theirs to mend.
foreign: .venv/.ready .venv-foreign/.ready ## Microsoft's own kit and Authlib against the simulator
	@.venv-foreign/bin/pytest -q -W ignore --confcutdir=tests/foreign tests/foreign

crash: .venv/.dev ## Kill the engine around every request and commit, and start it again (half an hour)
	@CRASH=all $(BIN)/pytest -q -s tests/crash

journeys: .venv/.dev ## Browser journeys (need Chromium)
	@$(PY) -m tests.journeys.run

bench: .venv/.dev ## Measure what it costs
	@$(PY) -m benchmarks.first_mile
	@$(PY) -m benchmarks.latency
	@$(PY) -m benchmarks.simulator
	@$(PY) -m benchmarks.administration

MINUTES ?= 60
soak: .venv/.dev ## Play both sides against the engine, from the next untried seed (MINUTES=60)
	@$(PY) -m tests.machine.planner 1000000
	@$(PY) -m tests.machine.damage 2000 --big 20
	@$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m long
	@$(PY) -m tests.machine.soak --minutes $(MINUTES)

mutants: .venv/.dev ## Break the engine on purpose in twelve ways; each must be seen
	@$(PY) -m tests.machine.mutants

pictures: .venv/.dev ## Take the documentation's pictures from the running demo
	@$(PY) -m docs.pictures.take

format: .venv/.dev ## Format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

clean: ## Remove the virtual environment and caches; data stays
	@rm -rf .venv .venv-foreign .pytest_cache .mypy_cache .ruff_cache .hypothesis
