# What people and CI do with Roundhouse; `make help` lists it. CARGO_TARGET_DIR is honoured throughout.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

target := $(or $(CARGO_TARGET_DIR),target)
binary := $(target)/release/roundhouse
# Tools and test environments that outlive a checkout.
cache := $(HOME)/.cache/roundhouse
data := ./data

cargo_deny_version := 0.20.2
cargo_deny := $(cache)/tools/cargo-deny-$(cargo_deny_version)/bin/cargo-deny

# Debian packages, each after what shows that it is there: a C compiler for aws-lc, SQLite, BLAKE3 and mimalloc ...
build_needs := rust node cc=gcc /usr/include/stdio.h=libc6-dev
# ... and for tests PostgreSQL, Redis, a browser with Chinese letters and the languages of the official SDKs.
test_needs := $(build_needs) chromium=chromium /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc=fonts-noto-cjk '/usr/lib/postgresql/*/bin/initdb=postgresql' python3:ensurepip=python3-venv redis-server=redis-server
check_needs := $(build_needs) git=git shellcheck=shellcheck
bench_needs := $(build_needs) nginx=nginx-light

.PHONY: help
help: ## lists these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

.PHONY: run
run: build ## builds and serves on http://localhost:8080, data in ./data (data=DIR for another folder)
	@$(binary) serve --data $(data)

# The interface: installed when its lock file changed, built when its sources did.
npm := npm --no-audit --no-fund --prefix
web/node_modules/.installed web/tools/node_modules/.installed: %/node_modules/.installed: %/package-lock.json
	$(npm) $* ci
	@touch $@

web/dist/index.html: web/node_modules/.installed $(shell find web/src web/public web/scripts web/*.json web/*.ts web/index.html -type f -not -name routeTree.gen.ts)
	$(npm) web run build

.PHONY: build
build: needs-build web/dist/index.html ## builds the release binary
	cargo build --release --locked --package roundhouse
	@echo "built $(binary)"

.PHONY: test
test: needs-test web/dist/index.html ## runs every test, with a real PostgreSQL, a real Redis, a browser and the official SDKs
	tests/sdk/setup.sh
	$(npm) web test
	cargo build --locked --package roundhouse
	ROUNDHOUSE_TEST_WITH_REDIS=1 tests/with-services.sh cargo test --workspace --locked --no-fail-fast
	$(npm) web run e2e

.PHONY: check
check: needs-check $(cargo_deny) web/node_modules/.installed web/tools/node_modules/.installed ## formatting, lints, docs, licences, generated files
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps --locked
	$(cargo_deny) --locked check --hide-inclusion-graph licenses bans sources
	cargo xtask generate --check
	$(npm) web run check
	$(npm) web run client -- --check
	find . \( -name target -o -name node_modules -o -name .git \) -prune -o \( -name '*.sh' -o -path ./.ci/run \) -print0 \
	  | xargs -0 shellcheck --severity=warning
	! git grep --line-number --extended-regexp '^(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|)( |$$)'

.PHONY: bench
bench: needs-bench build ## measures again what docs/performance.md shows
	cargo run --release --locked --package roundhouse-bench -- run --roundhouse $(binary) --out docs/performance.md

.PHONY: image
image: build ## builds the container image and tries it out
	deploy/test-image.sh $(binary)

.PHONY: generate
generate: needs-build web/tools/node_modules/.installed ## writes the generated files anew
	cargo xtask generate
	$(npm) web run client

.PHONY: fmt
fmt: ## formats the code
	cargo fmt --all

.PHONY: clean
clean: ## removes what was built, not the data
	cargo clean

.PHONY: needs-build needs-test needs-check needs-bench
needs-build needs-test needs-check needs-bench: needs-%:
	@deploy/need.sh $($*_needs)

# Unoptimised, which halves the two minutes that building it takes; outside the target folder, which it would fill.
$(cargo_deny):
	env -u CARGO_TARGET_DIR cargo install cargo-deny --debug --locked --version $(cargo_deny_version) \
	  --no-default-features --root $(@:/bin/cargo-deny=)
