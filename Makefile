# Two commands on a fresh machine: `make demo` and `make test`. Both create the virtual environment they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format snapshots docs kill-matrix examples simulations browser bench bench-quick wheel clean

demo: $(READY)  ## check the white paper's own captures and write flmparse-demo.html
	$(BIN)/flmparse demo

test: $(READY)  ## the whole test suite, on every core
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(READY)  ## what must be clean before a commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n auto --dist worksteal

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

snapshots: $(READY)  ## take new snapshots; read what changed before you commit it
	$(BIN)/python -m pytest --snapshot-update
	git diff --stat -- 'tests/**/__snapshots__'

docs: $(READY)  ## the pages under docs/ that are made from the code; read what changed before you commit it
	$(BIN)/python -m tests.docs
	git diff --stat -- docs

kill-matrix: $(READY)  ## every fault of the simulation and the rules that answer it; read what changed before you commit it
	$(BIN)/python -m tests.simulation.kill_matrix > docs/kill-matrix.new
	mv docs/kill-matrix.new docs/kill-matrix.md
	git diff --stat -- docs/kill-matrix.md

examples: $(READY)  ## the reports of the white paper under docs/; read what changed before you commit it
	# 1 is the white paper's verdict: NO-GO
	$(BIN)/flmparse report readiness fixtures/migrations/whitepaper -f html=docs/examples/readiness.html -f md=docs/examples/readiness.md; test $$? -eq 1
	$(BIN)/flmparse report compliance fixtures/migrations/whitepaper -f md=docs/examples/compliance.md; test $$? -eq 1
	git diff --stat -- docs/examples

simulations: $(READY)  ## 2,000 random migrations with a fault each, twice as many as CI tries; FLMPARSE_SIMULATIONS=400 tries the other laws as often
	FLMPARSE_MIGRATIONS=2000 $(BIN)/python -m pytest tests/simulation -n auto --dist worksteal

browser: $(READY)  ## what the browser tests need: chromium (Debian) and axe-core (npm)
	command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium)
	command -v npm >/dev/null || (apt-get update -qq && apt-get install -y -qq npm)
	test -f node_modules/axe-core/axe.min.js || npm install --no-save --no-package-lock --no-audit --no-fund --silent axe-core@4

bench: $(READY)  ## how fast it is beside TextFSM, TTP and a loop; see docs/performance.md; about ten minutes of a quiet machine
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.run --without-arrow --only reading memory

bench-quick: $(READY)  ## the same, small: two minutes
	$(BIN)/python -m benchmarks.run --sizes 1 --rounds 3 --pairs 1024 --report-pairs 2048

wheel: $(READY)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $(READY)
