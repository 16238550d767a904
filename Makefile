# Atelier: `make run` starts the studio, `make test` tests it. Both need python3 (3.11 or newer), pip and make.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
VENV := .venv
BIN := $(VENV)/bin
# Kept where they lie: a studio is ten interpreters and its tests start hundreds, none of which should compile them anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run demo test soak lint format types bench lock runtime tools browser

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 10

run: runtime ## Run the studio on this machine; Ctrl-C ends it
	@exec $(BIN)/python -m studio.supervisor

demo: runtime ## Fill var-demo with a month of work on the sandbox; then STUDIO_VAR=var-demo make run
	@mkdir -p var-demo
	@STUDIO_VAR=var-demo $(BIN)/python manage.py migrate -v0
	@STUDIO_VAR=var-demo $(BIN)/python manage.py demo_data

test: tools browser ## Run every test, on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.everything

soak: tools browser ## Run every test in its full measure: ten kills of each process, every model, ... on both databases
	@$(BIN)/python -m tests.everything full

lint: tools types ## Style, types, Django's checks, migrations, templates, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	STUDIO_TESTS_STRICT=1 $(BIN)/python -m pytest -q tests/test_architecture.py tests/test_repository.py

format: tools ## Format the code and repair what can be repaired by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: tools ## Check the types
	$(BIN)/mypy

bench: tools ## Print how long things take; TABLE=ledger (or overhead, decoding, monitor) for a part
	$(BIN)/python -m tests.bench $(TABLE)

lock: ## Write the hashed locks anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-dev.lock

runtime:
	@.ci/venv $(VENV) requirements.lock

tools:
	@.ci/venv $(VENV) requirements-dev.lock requirements.lock

browser: tools
	@$(BIN)/python -m tests.browser_for_tests
