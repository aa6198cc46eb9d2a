# The front door. Every target sets up a fresh Debian 12 by itself (apt, npm) and then does its work;
# on a machine that has everything it touches no network. Nothing here is clever: the work is in scripts/.

PREFIX  ?= /usr/local
DESTDIR ?=
ONESHOT ?=
SUITE   ?=

.DEFAULT_GOAL := help
.PHONY: help demo test bench lint build install clean setup

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

demo: ## the whole way on 1,000 sample customers, then stays up (ONESHOT=1: ends, 0 only when all counts agree)
	@scripts/setup build
	@scripts/build release
	@ONESHOT=$(ONESHOT) scripts/demo

test: ## every test, on both databases, with sanitizers; ends with "N passed, N failed"
	@scripts/setup build test
	@scripts/build test
	@tests/run

bench: ## every figure as one line of JSON (SUITE=name: only one)
	@scripts/setup build bench >&2
	@scripts/build release >&2
	@bench/run $(SUITE)

lint: ## formatter, analysers, include graph, the page's linter, a clang build
	@scripts/setup build lint
	@scripts/lint

build: ## build/release/sendingo
	@scripts/setup build
	@scripts/build release

install: build ## binary, man page and systemd unit below DESTDIR and PREFIX
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install

setup: ## install what building, testing, measuring and linting need
	@scripts/setup build test bench lint

clean: ## remove what the build made (not node_modules)
	rm -rf build ui/dist
