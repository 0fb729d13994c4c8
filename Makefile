# make run: the bot, on Telegram where TELEGRAM_BOT_TOKEN is set, else in this terminal.
# make test: lint, formatting, types and tests.
# make bench: how fast the parts are, against other libraries in the same run.
# Either makes .venv and installs what it needs, once; PYTHON names the Python to use.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

# Standard output belongs to the bot, so that `printf … | make run` can be piped on.
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt
REQUIREMENTS := pyproject.toml constraints.txt

.PHONY: run test bench clean

run: $(VENV)/run.stamp
	@$(BIN)/digestbot run

test: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto

# PAPERS says how many synthetic papers the rankers are measured on.
PAPERS ?= 10000
bench: $(VENV)/bench.stamp
	$(BIN)/python -m tests.bench.ranking --papers $(PAPERS)
	$(BIN)/python -m tests.bench.broadcast
	$(BIN)/python -m tests.bench.tick
	$(BIN)/python -m tests.bench.hostile
	$(BIN)/python -m tests.bench.flood

# Removes what can be made again. The data folder stays: it holds what people told the bot.
clean:
	rm -rf $(VENV) build digestbot.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find bot store tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/run.stamp: $(REQUIREMENTS) | $(VENV)/made.stamp
	@echo "Installing digestbot into $(VENV) ..." >&2
	@$(INSTALL) --no-build-isolation --editable . >&2
	@touch $@

# What the tests need includes what the bot needs.
$(VENV)/test.stamp: $(REQUIREMENTS) | $(VENV)/made.stamp
	@echo "Installing digestbot and its tools into $(VENV) ..." >&2
	@$(INSTALL) --no-build-isolation --editable '.[dev]' >&2
	@touch $(VENV)/run.stamp $@

$(VENV)/bench.stamp: $(VENV)/test.stamp
	@$(INSTALL) --no-build-isolation --editable '.[dev,bench]' >&2
	@touch $@

# setuptools builds the packages that come as source. Named here, it is pinned like everything else; pip would
# fetch the newest for every build.
$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "digestbot needs Python 3.11 or later, and $(PYTHON) is not; name one with PYTHON=python3.11" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "digestbot needs Python's venv and pip; on Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --upgrade setuptools >&2
	@touch $@
