# Digitpad: `make run` opens the window, `make test` runs the tests.
# Both do all the set-up on a fresh Debian or Ubuntu machine with Python 3.10 to 3.13;
# README.md has the same steps for macOS and Windows.

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help run test lint types contracts graph check screenshots network-assets clean

help:  ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.window  ## Open the window
	@$(BIN)/python -m app $(ARGS)

test: $(VENV)/.window $(VENV)/.development  ## Run the tests; ARGS="tests/model -x" for some of them
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

lint: $(VENV)/.development  ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.development  ## Check types
	$(BIN)/mypy

contracts: $(VENV)/.development  ## Check that no room imports what it may not
	$(BIN)/lint-imports

graph: $(VENV)/.development  ## Print who imports whom, as a graph in DOT
	@$(BIN)/import-linter drawgraph app
	@$(BIN)/import-linter drawgraph model

check: lint types contracts test  ## Style, types, contracts and tests

screenshots: $(VENV)/.window $(VENV)/.development  ## Make the pictures in docs/images again
	$(BIN)/python docs/screenshots.py

network-assets: $(VENV)/.installed  ## Make what belongs to the bundled network again; ARGS="--data FOLDER"
	$(BIN)/python benchmarks/training_digits.py $(ARGS)
	$(BIN)/python benchmarks/hand_reference.py

clean:  ## Remove the virtual environment and what tools leave behind
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@.ci/system-packages venv
	@python="$${PYTHON:-$$(.ci/find-python)}"; \
	test -n "$$python" || { echo "Digitpad needs Python 3.10, 3.11, 3.12 or 3.13; install one and try again." >&2; exit 2; }; \
	"$$python" -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/.window: $(VENV)/.installed .ci/system-packages
	@.ci/system-packages window
	@touch $@

$(VENV)/.development: $(VENV)/.installed .ci/system-packages
	$(PIP) --editable '.[dev]'
	@.ci/system-packages test
	@touch $@
