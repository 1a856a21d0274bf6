# `make` lists the targets. Builds never need a database: the queries' metadata is committed in .sqlx.
export SQLX_OFFLINE := true
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
# A tool of the gate, kept out of the user's own.
export PATH := $(PATH):$(abspath $(TARGET_DIR))/tools/bin

.PHONY: help run test gate postgres fmt fmt-check clippy doc openapi openapi-check sqlx sqlx-check deny evidence clean
.DEFAULT_GOAL := help

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: postgres ## Build, and start the server on the embedded database with a demonstration book
	cargo build --release --locked
	exec $(TARGET_DIR)/release/clientele serve --demo

test: postgres ## Every test
	cargo test --locked --workspace

gate: ## All that must hold before a merge, as .ci/run does it
	.ci/run

postgres:
	@scripts/ensure-postgres.sh

fmt: ## Format the code
	cargo fmt

fmt-check: ## Fail on unformatted code
	cargo fmt --check

clippy: ## Lint everything; a warning fails
	cargo clippy --locked --workspace --all-targets -- -D warnings

doc: ## The code's documentation; a warning fails
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

openapi: ## Write openapi/openapi.json from the code
	mkdir -p openapi
	cargo build --quiet --locked --workspace
	$(TARGET_DIR)/debug/clientele openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

openapi-check: ## Fail if openapi/openapi.json is not what the code says
	cargo build --quiet --locked --workspace
	$(TARGET_DIR)/debug/clientele openapi | diff -u openapi/openapi.json - \
		|| { echo "openapi/openapi.json is not in step with the code: run make openapi and commit the result" >&2; exit 1; }

sqlx: postgres ## Write .sqlx, the metadata of the checked queries
	scripts/sqlx-prepare.sh

sqlx-check: postgres ## Fail if .sqlx is not in step with queries and migrations
	scripts/sqlx-prepare.sh --check

deny: ## Licences and sources of the dependencies
	@command -v cargo-deny >/dev/null || cargo install --quiet --locked --root $(TARGET_DIR)/tools cargo-deny
	cargo deny --locked --log-level warn check licenses sources bans

evidence: postgres ## The long runs with their seeds and figures; REFERENCE_DATA names the directory of the licensed files
	cargo test --release --locked --workspace -- --ignored --nocapture --test-threads=1

clean: ## Remove what was built; data under DATA_DIR stays
	cargo clean
