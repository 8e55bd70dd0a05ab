# Bare `make` prints the targets. Nothing but a command's own words reaches standard output.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.SILENT:
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PINS := pyproject.toml constraints.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt --editable
CODE = $(wildcard workflow states adapters caseward tests *.py)

.PHONY: help install up demo twelve attack scenes scans year test check

help: ## print the targets
	awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	echo '  ARGS="..." is passed on to the command, as in: make test ARGS="tests/house -q"'

install: $(VENV)/installed ## put Caseward and what it needs into .venv
	echo "$(BIN)/caseward is installed"

up: $(VENV)/installed ## run everything here on sample cases, until Ctrl-C
	exec $(BIN)/caseward up $(ARGS)

demo: $(VENV)/installed ## twelve registrations through a real Chromium to their end
	$(BIN)/caseward demo $(ARGS)

twelve: $(VENV)/installed-for-tests ## the same on servers, as processes: minutes long (ARGS=back: the broker dies)
	$(BIN)/python -m tests.twelve $(ARGS)

attack: $(VENV)/installed-for-tests ## wrong pages, records, answers, clocks, files at full size (ARGS=pages: a part)
	$(BIN)/python -m tests.attack $(ARGS)

scenes: $(VENV)/installed-for-tests ## what an agency meets at the bureau, each scene to its end: minutes long
	$(BIN)/python -m pytest tests/scenes --numprocesses auto --dist load --durations=30 $(ARGS)

scans: $(VENV)/installed-for-tests ## how often the look at seal pages errs, on generated scans: minutes long
	$(BIN)/python -m tests.scans $(ARGS)

year: $(VENV)/installed-for-tests ## 300 registrations of every fate that an agency meets (ARGS="--matters 60 --seed 2")
	$(BIN)/python -m tests.year $(ARGS)

test: $(VENV)/installed-for-tests ## run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --max-worker-restart 1 $(ARGS)

check: $(VENV)/installed-for-tests ## format, lint, strict types, house rules
	$(BIN)/ruff format --check --quiet $(CODE) || { echo "not formatted; the cure: $(BIN)/ruff format ." >&2; exit 1; }
	$(BIN)/ruff check --quiet $(CODE)
	$(BIN)/mypy --no-error-summary $(CODE)
	$(BIN)/python -m pytest tests/house -q $(ARGS)

# pip is the last thing that venv puts in place: where it is, the environment is whole
$(BIN)/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Caseward needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo not installed)." >&2; \
	  echo "The cure: install a newer one and name it, as in: make $(MAKECMDGOALS) PYTHON=python3.13" >&2; exit 1; }
	echo "making $(VENV) and installing what Caseward needs; that takes about a minute, once" >&2
	$(PYTHON) -m venv --clear $(VENV) >&2 || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make a virtual environment. The cure on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/installed: $(PINS) $(BIN)/pip
	$(PIP) '.[all]' >&2
	touch $@

$(VENV)/installed-for-tests: $(PINS) $(BIN)/pip
	$(PIP) '.[check]' >&2
	touch $@ $(VENV)/installed
