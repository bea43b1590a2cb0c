# Everything sets itself up: `make demo` and `make test` need Python 3.11 or 3.13 and nothing else.
PYTHON ?=
VENV ?= .venv
BIN = $(VENV)/bin
JOBS ?= 2

.PHONY: help setup demo test test-matrix zips test-zips bench lint format lock clean

help:
	@echo "make demo         the embedded sample, end to end: pictures and numbers in demo/"
	@echo "make test         all checks and tests"
	@echo "make test-matrix  register, import, sun hours, picture on Blender 4.5, 5.0 and 5.2"
	@echo "make zips         the Blender extension's zips for each platform and Python, in dist/"
	@echo "make test-zips    installs them into bare Blenders 4.5, 5.0 and 5.2 (BLENDER=… into that one too)"
	@echo "make bench        speed tables, as ratios measured in one run"
	@echo "make lint         format, lint, types, architecture"

setup:
	@PYTHON="$(PYTHON)" packaging/setup $(VENV)

demo: setup
	$(BIN)/jena-planner demo --out demo

test: lint
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

test-matrix:
	packaging/test-matrix

zips: setup
	$(BIN)/jena-planner build-extension --out dist

test-zips: zips
	BIN=$(BIN) packaging/test-zips dist

bench: setup
	$(BIN)/jena-planner bench

lint: setup
	@mkdir -p build/typing && ln -sfn ../.. build/typing/jena_planner
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	MYPYPATH=build/typing $(BIN)/mypy -p jena_planner.jena_city -p jena_planner.analyses -p jena_planner.participation -p jena_planner.sheets -p jena_planner.pipeline -p jena_planner.cli
	$(BIN)/lint-imports
	@if [ -d participation/viewer/node_modules ]; then cd participation/viewer && npx --no-install tsc --noEmit; fi

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Solve both locks anew (needs Python 3.11 and 3.13). No host is named in them; every file has its hash.
lock:
	packaging/lock

clean:
	rm -rf build dist demo .mypy_cache .ruff_cache .pytest_cache
