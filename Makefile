# One door for everything: `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
# A Python that is named (make setup PYTHON=...) is taken as it is; else the fastest build of the same version.
INTERPRETER = $(if $(filter file,$(origin PYTHON)),"$$($(PYTHON) .ci/interpreter.py)","$(PYTHON)")
VENV := .venv
BIN := $(VENV)/bin
UV := .uv/bin/uv
VENDOR := handoff/console/static/vendor

.PHONY: help setup run test check fix soak bench train lock screens clean

help: ## この一覧を出します (this list)
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.uv/.done: requirements-uv.txt
	@echo '… uv を入れています'
	@$(PYTHON) -m venv .uv
	@.uv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-uv.txt
	@touch $@

$(VENV)/.runtime: .uv/.done requirements.txt pyproject.toml
	@echo '… Python の環境を作っています'
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(INTERPRETER) $(VENV)
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --require-hashes -r requirements.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@$(BIN)/python -m compileall -q bot handoff intake nlp routing
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo '… 開発と試験の道具を入れています'
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.runtime requirements-bench.txt
	@echo '… 速さを比べる相手を入れています'
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements-bench.txt
	@touch $@

$(VENDOR)/htmx.min.js: package-lock.json .npmrc handoff/console/static/tokens.css
	@echo '… 画面の部品を取り出しています'
	@npm ci --silent
	@mkdir -p $(VENDOR)
	@awk 'NR == FNR { while (match($$0, /var\(--[a-z0-9-]+/)) { used["  " substr($$0, RSTART + 4, RLENGTH - 4)]; $$0 = substr($$0, RSTART + RLENGTH) } next } \
	  !/^  --/ || (substr($$0, 1, index($$0, ":") - 1) in used)' \
	  handoff/console/static/tokens.css node_modules/@digital-go-jp/design-tokens/dist/tokens.css > $(VENDOR)/dads-tokens.css
	@cp node_modules/htmx.org/dist/htmx.min.js $(VENDOR)/htmx.min.js

setup: $(VENV)/.runtime $(VENDOR)/htmx.min.js ## 環境・画面の部品・データベースを用意します
	@$(BIN)/tsunagi setup

run: $(VENV)/.runtime $(VENDOR)/htmx.min.js ## 見本の市で動かします
	@$(BIN)/tsunagi serve --demo

test: $(VENV)/.dev $(VENDOR)/htmx.min.js ## すべての試験を走らせます（ブラウザとPostgreSQLも）
	@bash .ci/system-packages
	@$(BIN)/pytest -n 3 --dist worksteal || { echo '… 落ちた試験だけを、もう一度確かめます'; $(BIN)/pytest --last-failed --last-failed-no-failures none; }

check: $(VENV)/.dev $(VENDOR)/htmx.min.js ## 書き方・型・部屋の向き・データを確かめます
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint --quiet --check --lint handoff bot
	@$(BIN)/python .ci/house.py
	@$(BIN)/tsunagi check-data

fix: $(VENV)/.dev ## 直せるものを直します
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/djlint --quiet --reformat handoff bot || true

soak: $(VENV)/.dev $(VENDOR)/htmx.min.js ## 長い試験を走らせます
	@bash .ci/system-packages
	@$(BIN)/pytest -m soak

screens: $(VENV)/.dev $(VENDOR)/htmx.min.js ## docs/screens の画面写真を撮り直します
	@SCREENS_DIR=docs/screens $(BIN)/pytest tests/browser

bench: $(VENV)/.bench ## 読み取りの速さを、ほかの道具と並べて測ります
	@$(BIN)/tsunagi bench tagger --json

train: $(VENV)/.bench requirements-vectors.txt ## 読み取りの重みを、文例（nlp/corpus）から学び直します
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements-vectors.txt
	@$(BIN)/tsunagi nlp train

lock: .uv/.done ## 依存を固定し直します
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group bench -c requirements-dev.txt -o requirements-bench.txt

clean: ## 作られたものを消します（data/ は残します）
	@rm -rf .venv .uv node_modules $(VENDOR) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
