# A thin front for package.json's scripts: every target is one command that can be run by hand.
SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help deps build check test demo monitoring generate format clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

deps: node_modules/.package-lock.json ## Install the pinned dependencies

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

build: deps ## Bundle the commands into dist
	npm run --silent build

check: deps ## Format, lint, types, unused code
	npm run --silent check

test: deps ## Run all tests, on a real control plane (TEST_ARGS="--project unit" for the quick ones)
	npm test -- $(TEST_ARGS)

demo: build ## Show it at work without a cluster or an AWS account (ONCE=1 exits by itself)
	npm run --silent demo

monitoring: deps ## Get Prometheus, Alertmanager and their tools (Go; minutes, once), for tests and the demo
	npm run --silent monitoring

generate: deps ## Make the generated files anew: types from the CRDs
	npm run --silent generate

format: deps ## Format and mend what the linter can
	npm run --silent format

clean: ## Remove what was built
	rm -rf dist node_modules coverage
