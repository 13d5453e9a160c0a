# `make app` starts the app, `make test` runs every test; both install what they need first.

PYTHON ?= python3
PORT ?= 8501
PIP_OPTIONS ?=
VENV := .venv
BIN := $(VENV)/bin

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

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev $(VENV)/.chromium
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV)

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
