# Every target does its own set-up: a fresh clone needs Python >= 3.11, make and the package index.
# Another interpreter: make PYTHON=/path/to/python3.12 setup. Works with GNU make 3.81 (macOS).

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.installed
CODE  := $(wildcard domain activities workflows api deploy/migrations *.py tests)
UNIT  := $(wildcard tests/domain)

export PYTHON
# Compiled code is kept: the many processes of a run and of its tests start in a third of the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test test-all check format lock
.DEFAULT_GOAL := setup

setup: $(READY)

$(READY): requirements-dev.lock pyproject.toml .ci/setup
	@.ci/setup $(VENV)
	@touch $@

run: $(READY)
	@$(BIN)/mentoring run $(ARGS)

# The domain's tests say most, so they go first. Three processes on two cores: many tests wait for servers.
test: $(READY)
	$(if $(UNIT),$(BIN)/pytest $(UNIT) -m "not slow" -n 2)
	$(BIN)/pytest tests $(addprefix --ignore=,$(UNIT)) -m "not slow" -n 3 --dist worksteal $(ARGS)

test-all: $(READY)
	$(BIN)/pytest tests -n 3 --dist worksteal $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

ifneq ($(wildcard tests/bench tests/bench.py),)
.PHONY: bench
bench: $(READY)
	$(BIN)/python -m tests.bench $(ARGS)
endif

ifneq ($(wildcard tests/chaos),)
.PHONY: chaos
chaos: $(READY)
	$(BIN)/python -m tests.chaos $(ARGS)
endif

# The newest versions that fit every supported platform and Python, pinned by hash.
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links
lock: $(READY)
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock
