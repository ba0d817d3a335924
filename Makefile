# SPDX-License-Identifier: Apache-2.0
# make demo: set up, then find the people in a photo.   make test: set up, then every test.
PYTHON ?= python3
VENV ?= .venv
OUT ?= out/demo
BIN := $(VENV)/bin
SOURCES := $(shell find csrc edgepose quantize -type f -not -name '*.so' -not -path '*/__pycache__/*' 2>/dev/null)

.PHONY: demo test test-cpp test-python test-train test-arm64 lint format bench asan fuzz tidy clean help

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.installed  ## set up, then run the embedded models on a real photo
	$(BIN)/edgepose demo --output $(OUT)

test: test-cpp test-python  ## set up, then run every test

test-cpp: $(VENV)/.tools  ## build and run the C++ tests
	PATH="$(abspath $(BIN)):$$PATH" bash scripts/test_cpp.sh dev

test-python: $(VENV)/.developer  ## run the Python tests on the installed package
	$(BIN)/pytest

test-train: $(VENV)/.developer  ## add PyTorch, then run the tests of networks and training
	$(BIN)/python -m pip install --quiet ".[dev,train]"
	$(BIN)/pytest tests/nets tests/train tests/cli/test_training_commands.py

lint: $(VENV)/.developer  ## formatters, linters, types, import rules
	PATH="$(abspath $(BIN)):$$PATH" bash scripts/lint.sh

format: $(VENV)/.developer  ## rewrite the sources in house style
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	git ls-files '*.cpp' '*.h' '*.c' | xargs $(BIN)/clang-format -i

asan: $(VENV)/.tools  ## the C++ tests under the address and undefined-behaviour sanitizers
	PATH="$(abspath $(BIN)):$$PATH" bash scripts/test_cpp.sh asan

test-arm64: $(VENV)/.tools  ## cross-build the C++ tests for 64-bit ARM and run them under qemu
	PATH="$(abspath $(BIN)):$$PATH" bash scripts/test_cpp.sh arm64

fuzz: $(VENV)/.tools  ## libFuzzer on every kernel, FUZZ_SECONDS (60) for each target
	PATH="$(abspath $(BIN)):$$PATH" bash scripts/fuzz.sh $(FUZZ_TARGETS)

tidy: $(VENV)/.tools  ## clang-tidy over every C and C++ source
	$(BIN)/python -m pip install --quiet "pybind11>=2.12"
	PATH="$(abspath $(BIN)):$$PATH" bash scripts/tidy.sh

bench: $(VENV)/.developer  ## kernels beside NumPy and the peers, to out/bench; BENCH=--quick for a try
	$(BIN)/python -m pip install --quiet ".[dev,bench]"
	$(BIN)/python benchmarks/run_all.py $(BENCH)

clean:  ## remove what the targets made
	rm -rf build dist out $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=23.1"

$(VENV)/.tools: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet "cmake>=3.23,<4" ninja
	touch $@

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml CMakeLists.txt $(SOURCES)
	$(BIN)/python -m pip install --quiet .
	touch $@

$(VENV)/.developer: $(VENV)/bin/python pyproject.toml CMakeLists.txt $(SOURCES)
	$(BIN)/python -m pip install --quiet ".[dev]"
	touch $@ $(VENV)/.installed
