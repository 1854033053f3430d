# The table of contents of the work on TaskPlatform. `make` or `make help` prints it.
SHELL := /usr/bin/env bash
.DEFAULT_GOAL := help

.PHONY: help
help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nSet KUBECONFIG and REGISTRY to work on a cluster of your own; without them the embedded one is used.\n'

.PHONY: run
run: ## Start a cluster if none answers, deploy the sample resource, prove that it works
	@dev/run.sh

.PHONY: test
test: ## Run every test: unit, contract, charts, operator on a kube-apiserver, e2e on the cluster
	@dev/test.sh

.PHONY: images
images: ## Build the three images and push them to REGISTRY
	@dev/images.sh

.PHONY: plugin
plugin: ## Build `kubectl taskplatform` into .local/bin
	@dev/plugin.sh

.PHONY: dev
dev: ## Rebuild and redeploy on every save (skaffold dev)
	@dev/skaffold.sh dev

.PHONY: cluster
cluster: ## Start the embedded cluster and print how to use it from this shell
	@dev/cluster/cluster.sh up
	@echo 'eval "$$(dev/cluster/cluster.sh env)"   # run this to use it'

.PHONY: generate
generate: ## Write the generated files again: CRD, kustomize base
	@dev/generate.sh

.PHONY: bench
bench: ## Print what queries cost in tables of 1,000 to BENCH_TASKS (100,000) tasks, as ratios
	@dev/mvn.sh -q -pl services/task-service -am test -Dtest=FindBench -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dbench.tasks=$(or $(BENCH_TASKS),100000) 2>&1 | grep -A8 'ratios to the first'

.PHONY: format
format: ## Format the Java code
	@dev/mvn.sh -q spotless:apply

.PHONY: clean
clean: ## Remove everything that run and test made: cluster, processes, mounts, network, files
	@dev/clean.sh
