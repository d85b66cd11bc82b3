# `make run` and `make test` are all a newcomer needs; the rest is for developers.
PYTHON ?= python3
IN_VENV := .venv/bin/python
# Enough for tools that only read the settings.
SETTINGS := MODE=local SITE_URL=http://localhost DATABASE_URL=postgres://localhost:1/none REDIS_URL=redis://localhost:1/0 \
	SECRET_KEY=only-for-tools-that-read-the-settings-xxxxxxxxxxxxxxxxxxxxxxxx
TESTS ?=

.PHONY: run test lint style types format storm bench figures lock vendor words words-sheet clean environment chromium

run:  ## The whole clinic on this machine; RESET=1 begins its demo anew, around now
	@$(PYTHON) clinic/local/bootstrap.py requirements-local.txt
	@exec $(IN_VENV) -m clinic.local.launcher --with-parent

test: environment chromium lint  ## Everything that must hold
	$(IN_VENV) -m pytest -q -n auto $(TESTS)

lint: environment  ## Style, types, templates, arrows, migrations
	@$(MAKE) --no-print-directory -j 2 types style

style: environment
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m djlint templates --check --lint --quiet
	$(IN_VENV) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-cache --no-logo
	$(SETTINGS) $(IN_VENV) -W ignore manage.py makemigrations --check --dry-run

types: environment  # a minute on one processor, beside all the others
	$(SETTINGS) $(IN_VENV) -m mypy

format: environment  ## Put Python and templates into their common form
	$(IN_VENV) -m ruff check --fix .
	$(IN_VENV) -m ruff format .
	$(IN_VENV) -m djlint templates --reformat --quiet

storm: environment chromium  ## Races, faults and time bounds at full size
	$(IN_VENV) -m pytest -q -m storm $(TESTS)

bench: environment  ## The table of speeds
	$(IN_VENV) -m benchmarks

figures: environment  ## How large, how tangled and how well named the code is
	@$(IN_VENV) -m tests.house_figures

lock: environment  ## Newest versions that the *.in files allow, with hashes
	$(IN_VENV) -m pip install -q uv
	for set in requirements requirements-local requirements-dev; do \
		$(IN_VENV) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url $$set.in -o $$set.txt || exit 1; done

vendor: environment  ## Fetch the front-end files that static/vendor.json names
	$(IN_VENV) -m clinic.vendor

words: environment  ## Collect what is to be translated, and compile the translations (needs gettext)
	$(IN_VENV) -m django makemessages -l hi --no-obsolete --no-wrap --add-location file \
		-i .venv -i .data -i tests -i benchmarks
	$(IN_VENV) -m django compilemessages -l hi -i .venv

LANGUAGE ?= hi
words-sheet: environment  ## All words as a spreadsheet for a reader, words-LANGUAGE.csv; READ=file brings it back
	$(IN_VENV) -m clinic.words --language $(LANGUAGE) $(if $(READ),--read "$(READ)")

clean:  ## Remove what tools left; the clinic's data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@$(PYTHON) clinic/local/bootstrap.py requirements-dev.txt

chromium: environment
	@$(IN_VENV) -m tests.chromium
