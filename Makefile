# `make` alone prints this help.
.DEFAULT_GOAL := help
GO ?= go
export CGO_ENABLED ?= 0

help: ## print this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

build: ## build the static binary into bin/
	$(GO) build -trimpath -ldflags '-s -w' -o bin/miniworker ./cmd/miniworker

test: ## run every test
	$(GO) test ./...

race: ## run every test under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race ./...

check: format vet lint race ## what CI runs: format, vet, linter, tests under the race detector

format: ## fail if a file is not gofmt-ed
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "gofmt these files:"; echo "$$out"; exit 1; fi

vet: ## run go vet
	$(GO) vet ./...

cross: ## vet what is particular to other systems, and build the commands for them
	GOOS=darwin GOARCH=arm64 $(GO) vet ./...
	GOOS=windows GOARCH=amd64 $(GO) vet ./...
	GOOS=linux GOARCH=arm64 $(GO) build ./...

lint: ## run staticcheck at the version internal/tools pins
	$(GO) tool -modfile=internal/tools/go.mod staticcheck ./...

golden: ## rewrite the expected files of golden tests
	$(GO) test ./wrangler/... -update

bench: ## run the benchmarks; ORACLE=DIR compares with wrangler installed there
	$(GO) run ./internal/bench $(if $(ORACLE),-oracle $(ORACLE)) $(BENCHFLAGS)

bench-api: build ## compare what calls of Web APIs cost in miniworker and, with ORACLE=DIR, workerd
	$(GO) run ./internal/apibench $(if $(ORACLE),-oracle $(ORACLE)) $(BENCHFLAGS)

conformance: ## compare the APIs with workerd and wrangler; ORACLE=DIR asks the one installed there, RECORD=1 keeps its answers
	$(GO) run ./internal/conformance $(if $(ORACLE),-oracle $(ORACLE)) $(if $(RECORD),-record)

packages: ## compare workers made of npm packages and by frameworks with recorded answers of wrangler (needs npm)
	cd testdata/apps/packages && npm ci --ignore-scripts --no-audit --no-fund
	cd testdata/apps/frameworks && npm install --no-save --ignore-scripts --no-audit --no-fund && npm rebuild node && npm run build
	PACKAGES=1 $(GO) test ./internal/conformance -run TestPackages -count=1

.PHONY: help build test race check format vet cross lint golden bench bench-api conformance packages
