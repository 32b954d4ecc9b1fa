# gongkai: `make extract` shows records of the example reports, `make test` checks everything.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PACKAGES := $(addprefix -p gongkai.,data annotations inference training configs)

.PHONY: extract train-setup test lint format bench-pipeline bench-stages bench-growth clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[train,formats,output,dev]'
	@mkdir -p $(VENV)/mypy && ln -sfn "$(CURDIR)" $(VENV)/mypy/gongkai
	@touch $@ $(VENV)/.base

extract: $(VENV)/.base
	$(BIN)/gongkai extract data/examples --format table

train-setup: $(VENV)/.dev

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPYPATH=$(VENV)/mypy $(BIN)/mypy $(PACKAGES) -m gongkai.cli
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench-pipeline: $(VENV)/.dev
	@cd benchmarks && $(abspath $(BIN))/python pipeline.py

bench-stages: $(VENV)/.dev
	@cd benchmarks && $(abspath $(BIN))/python stages.py

bench-growth: $(VENV)/.dev
	@cd benchmarks && $(abspath $(BIN))/python growth.py 100 1000 10000

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
