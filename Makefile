# Needs Python 3.11 or newer, make and git; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=

.PHONY: test demo lint types contract docs-check docs unit test-faults bench clean

test: lint types contract docs-check unit

demo: .venv/ready
	$(BIN)/socialcli demo

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

contract: .venv/ready
	$(BIN)/lint-imports

# The generated parts of the documentation agree with the program.
docs-check: .venv/ready
	$(BIN)/cog --check --check-fail-msg "run: make docs" docs/*.md

docs: .venv/ready
	$(BIN)/cog -r docs/*.md

unit: .venv/ready
	$(BIN)/pytest -n auto --dist worksteal

test-faults: .venv/ready
	SOCIALCLI_KILLS=200 $(BIN)/pytest -n auto tests/e2e/test_kills.py tests/e2e/test_x_kills.py

bench: .venv/ready
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.queue

clean:
	rm -rf .venv
