# Huitian. `make` alone lists what there is. Works with GNU make 3.81 (macOS) and newer.
SHELL := /bin/sh
.DEFAULT_GOAL := help

# Any Python from 3.11 starts it; packages go into .venv and nowhere else.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$python"; break; }; done)
BOOTSTRAP = $(if $(PYTHON),"$(PYTHON)" -m tools.bootstrap,printf '\n  missing  Python 3.11 or newer\n  缺少     Python 3.11 或更新版本\n  do       apt-get install python3 python3-venv | brew install python\n\n'; exit 1;)
RUN = .venv/bin/python -m
ARGS ?=

.PHONY: help up dev python web test check lint format bench shots prove lock docs wheel bundle clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up:  ## everything from nothing: packages, screens, demo city, server (HUITIAN_PORT=8010, HUITIAN_HOME)
	@$(BOOTSTRAP) --build
	@exec .venv/bin/huitian serve --demo

dev:  ## the demo city with the screens rebuilt and the server restarted as you type
	@$(BOOTSTRAP) --dev --web
	@exec $(RUN) tools.dev

test:  ## all tests this machine can run, in groups (ARGS="fast journey", HUITIAN_REQUIRE=all)
	@$(BOOTSTRAP) --dev --build
	@$(RUN) tools.run_tests $(ARGS)

check:  ## what must hold before a commit: lint and the fast tests
	@$(BOOTSTRAP) --dev --web
	@$(RUN) tools.check --with-tests

lint:  ## ruff, mypy, import contracts, house rules, generated docs, web lint
	@$(BOOTSTRAP) --dev --web
	@$(RUN) tools.check

format:  ## let ruff format and mend
	@$(BOOTSTRAP) --dev
	@$(RUN) ruff check --fix --quiet . ; $(RUN) ruff format .

bench:  ## measure; writes docs/benchmarks.md (ARGS="--quick" writes nothing)
	@$(BOOTSTRAP) --dev --build
	@$(RUN) bench $(ARGS)

shots:  ## a picture of every screen: both themes, all widths, both languages (ARGS="--only wall --width 390"), into shots/
	@$(BOOTSTRAP) --dev --build
	@$(RUN) tools.shots $(ARGS)

prove:  ## what is too long for CI: all tests with HUITIAN_PROVE=1, then the full bench
	@$(BOOTSTRAP) --dev --build
	@HUITIAN_PROVE=1 $(RUN) tools.run_tests
	@$(RUN) bench

docs:  ## write the reference, error pages and openapi.json from the code
	@$(BOOTSTRAP) --dev
	@$(RUN) tools.make_docs $(ARGS)

lock:  ## resolve every dependency anew into requirements/ (ARGS=--upgrade)
	@$(BOOTSTRAP) --dev --web
	@$(RUN) tools.locks $(ARGS)

wheel:  ## dist/huitian-*.whl with the built screens; installs without Node
	@$(BOOTSTRAP) --dev --build
	@$(RUN) tools.wheel $(ARGS)

bundle:  ## dist/huitian-*.tar: all that a machine without the internet needs, with install.sh
	@$(BOOTSTRAP) --dev --build
	@$(RUN) tools.bundle $(ARGS)

python:  ## only the Python environment, .venv
	@$(BOOTSTRAP) --dev

web:  ## only the screens
	@$(BOOTSTRAP) --build

clean:  ## remove everything that was made here; the demo city stays
	rm -rf .venv build dist shots web/node_modules huitian/api/web
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find huitian tools tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
