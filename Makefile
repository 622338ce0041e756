# Needs Python 3.11 or newer, make and git; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=

.PHONY: test demo lint types contract docs-check docs unit test-faults wording eval bench bench-million clean

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
	$(BIN)/cog --check --check-fail-msg "run: make docs" docs/*.md docs/rules/*.md

docs: .venv/ready
	$(BIN)/cog -r docs/*.md docs/rules/*.md

unit: .venv/ready
	$(BIN)/pytest -n auto --dist worksteal

# Ten thousand faults. A run that was stopped goes on where it stopped; .faults.jsonl says how far it is.
test-faults: .venv/ready
	$(BIN)/python -m tests.faults --faults 10000 --tally .faults.jsonl

# The weights of how people write (triage/wording.py), counted out anew from training/*.jsonl.
wording: .venv/ready
	$(BIN)/python -m training

# How good triage is, on labelled messages of your own: the paths stand in SOCIALCLI_EVAL_... (docs/triage.md).
eval: .venv/ready
	$(BIN)/python -m pip install --quiet --group eval
	$(BIN)/python -m benchmarks.evaluate

bench: .venv/ready
	$(BIN)/python -m benchmarks

# The same at a million messages: most of an hour, and 6 GB in TMPDIR.
bench-million: .venv/ready
	$(BIN)/python -m benchmarks --messages 1000000

clean:
	rm -rf .venv
