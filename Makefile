# Two commands on a fresh machine: `make demo` and `make test`. Both create the virtual environment they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format snapshots kill-matrix simulations bench bench-quick wheel clean

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

kill-matrix: $(READY)  ## every fault of the simulation and the rules that answer it; read what changed before you commit it
	$(BIN)/python -m tests.simulation.kill_matrix > docs/kill-matrix.new
	mv docs/kill-matrix.new docs/kill-matrix.md
	git diff --stat -- docs/kill-matrix.md

simulations: $(READY)  ## 2,000 random migrations: five tests with 400 each; about an hour of one core
	FLMPARSE_SIMULATIONS=400 $(BIN)/python -m pytest tests/simulation -n auto --dist worksteal

bench: $(READY)  ## how fast it is beside TextFSM, TTP and a loop; see docs/performance.md; about ten minutes of a quiet machine
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.run --without-arrow --only reading memory

bench-quick: $(READY)  ## the same, small: two minutes
	$(BIN)/python -m benchmarks.run --sizes 1 --rounds 3 --pairs 512

wheel: $(READY)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $(READY)
