# Everything needs only Python 3.11 or newer, git, make and the package registries.
#
#   make run     install, and show the demo until Ctrl-C
#   make test    install, and run every test that this machine can run
#   make check   style, types, import contracts, missing migrations
#   make bench   measured work, one file a question (about an hour)
#   make docs    the pages of docs/reference that are made from the code
#   make pictures  docs/explanation/pages.md anew: each page, wide and narrow
#   make lock    newest versions of every dependency, with their hashes

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3 python,$(if \
  $(shell $(name) -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>&1 || echo no),,$(name))))
BIN := .venv/bin
SITE := src/watchword/site
LOCK := --quiet --upgrade --universal --python-version=3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command="make lock"
MESSAGES := $(patsubst %.po,%.mo,$(wildcard $(SITE)/locale/*/LC_MESSAGES/*.po))
PYTEST := $(BIN)/python -m pytest --numprocesses=2

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# npm trusts the authorities that this machine trusts, as pip and git do.
export NODE_USE_SYSTEM_CA := 1

# The history in a database is not looked at, so none is needed; Django warns that it could not.
MIGRATIONS := DJANGO_SETTINGS_MODULE=watchword.config.settings $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations

.DELETE_ON_ERROR:
.PHONY: install run test check bench docs pictures lock system-packages clean

install: .venv/installed $(SITE)/static/vendor/css/uswds.css $(MESSAGES)

run: install
	$(BIN)/watchword demo

test: install system-packages
	$(PYTEST)
	$(BIN)/python -m tests.on_postgres 15 $(PYTEST) tests/integration --ignore=tests/integration/config

check: install
	$(BIN)/python -m pip check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(MIGRATIONS) --check --dry-run

bench: install
	$(BIN)/watchword bench

docs: install
	$(BIN)/python -m watchword.config.settings_page > docs/reference/settings.md
	$(BIN)/python -m watchword.feeds.fields_page docs/reference/roster.md
	$(BIN)/python -m watchword.law.pages docs
	$(BIN)/typer watchword.cli utils docs --name watchword --title "The command line" --output docs/reference/commands.md

pictures: install
	$(BIN)/python -m pytest tests/browser/pictures.py

lock: install
	$(BIN)/uv pip compile $(LOCK) --output-file requirements/run.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --output-file requirements/dev.txt --constraints requirements/run.txt --group dev pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --output-file requirements/bench.txt --group bench
	$(BIN)/npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:
	rm -rf .venv node_modules $(SITE)/static/vendor $(MESSAGES)

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Watchword needs Python 3.11 or newer; none is on PATH." >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements/dev.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

node_modules/installed: package.json package-lock.json .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

$(SITE)/static/vendor/css/uswds.css: $(wildcard $(SITE)/styles/*.scss) node_modules/installed
	mkdir -p $(@D)
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build
	@touch $@

%.mo: %.po .venv/installed
	$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@

system-packages:
	@sh tests/system-packages.sh
