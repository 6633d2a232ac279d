# Two commands on a fresh machine: `make demo` and `make test`. Both create the virtual environment they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format snapshots wheel clean

demo: $(READY)  ## check the white paper's own captures and write flmparse-demo.html
	$(BIN)/flmparse demo

test: $(READY)  ## the whole test suite, on every core
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(READY)  ## what must be clean before a commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist worksteal

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

snapshots: $(READY)  ## take new snapshots; read what changed before you commit it
	$(BIN)/python -m pytest --snapshot-update
	git diff --stat -- 'tests/**/__snapshots__'

wheel: $(READY)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $(READY)
