# Strata: the commands. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help

# The newest JDK 25 of the usual places; another default java on the PATH does not matter.
JDK := $(shell for home in "$$JAVA_HOME" /usr/lib/jvm/*25* /usr/lib/jvm/*-25-* /opt/*25* \
	"$$HOME"/.sdkman/candidates/java/25* "$$HOME"/.jdks/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home \
	"$$(dirname "$$(dirname "$$(readlink -f "$$(command -v java)" 2>/dev/null)")")"; do \
	[ -x "$$home/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$$home/release" 2>/dev/null && echo "$$home" && break; done)
export JAVA_HOME := $(JDK)
MVN := mvn -B -ntp
QUIET := $(MVN) -q
RUN = "$(JDK)/bin/java" --enable-native-access=ALL-UNNAMED -Dorg.bouncycastle.native.cpu_variant=java --sun-misc-unsafe-memory-access=allow -Dstrata.root="$(CURDIR)"
HARNESS_CP = src/harness/target/classes:$$(cat src/harness/target/class-path.txt)
DEMO_CP = src/demo/target/classes:$$(cat src/demo/target/class-path.txt)
BENCH_CP = src/bench/target/classes:$$(cat src/bench/target/classpath.txt)
KIND = $(RUN) -cp $(HARNESS_CP) dev.strata.harness.kind.KindMain
ASSETS = $${STRATA_ASSETS:-$${XDG_CACHE_HOME:-$$HOME/.cache}/strata/assets}
DOCS ?= .

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

.PHONY: jdk
jdk:
	@[ -n "$(JDK)" ] || { echo "Strata needs a JDK 25: install one, such as Temurin 25, or set JAVA_HOME to it" >&2; exit 1; }
	@command -v mvn > /dev/null || { echo "Strata needs Maven 3.8 or later: install the package maven" >&2; exit 1; }

.PHONY: assets
assets: jdk ## fetch or build what the harness runs: kube-apiserver, etcd, nats-server and the like
	@$(QUIET) -pl src/harness -am -DskipTests package
	@$(RUN) -cp $(HARNESS_CP) dev.strata.harness.AssetsMain

.PHONY: build
build: assets ## everything but the tests, with the agent image
	@echo "building (the first time takes some minutes)"
	@$(QUIET) -DskipTests package

.PHONY: check
check: jdk ## the quick loop: format, compile, pure tests
	$(QUIET) spotless:check
	$(MVN) -pl src/api,src/core,src/protocol -am package
	$(QUIET) -DskipTests -Dspotless.check.skip test-compile -Dexec.skip

.PHONY: format
format: jdk ## put the sources into shape
	$(QUIET) spotless:apply

.PHONY: crds
crds: jdk ## write crds/ and docs/targets.md anew from src/api
	$(QUIET) -pl src/api test -Dtest=CrdFilesTest,TargetsPageTest -Dcrds.update=true

.PHONY: chart-docs
chart-docs: jdk ## write the table of values in helm/strata/README.md anew
	$(QUIET) -pl src/e2e -am verify -Dtest=ChartDocsTest -Dsurefire.failIfNoSpecifiedTests=false -Dchart.update=true -Dexec.skip

.PHONY: test
test: assets ## all tests, on a real control plane
	$(MVN) verify

.PHONY: demo
demo: build ## agents check documents while things break: make demo DOCS=folder
	@$(RUN) -cp $(DEMO_CP) dev.strata.demo.Demo "$(DOCS)"

.PHONY: up
up: build ## a cluster that stays; prints the KUBECONFIG line
	@$(RUN) -cp $(HARNESS_CP) dev.strata.harness.Up up

.PHONY: down
down: jdk ## end it
	@$(RUN) -cp $(HARNESS_CP) dev.strata.harness.Up down

BENCH_OPTIONS ?=
IMAGES_CP = src/images/target/classes:$$(cat src/images/target/class-path.txt)
BENCH = $(RUN) $(BENCH_OPTIONS) -Xmx512m -cp $(BENCH_CP) dev.strata.bench

.PHONY: images
images: build ## container images of agent and operator, as archives in target/images; no engine needed
	@$(RUN) -cp $(IMAGES_CP) dev.strata.images.ImagesMain "$(CURDIR)" target/images "$(ASSETS)/nats-server"

.PHONY: sbom
sbom: jdk ## what is delivered, as a CycloneDX list in target/sbom.json
	@$(QUIET) org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom

.PHONY: kind-assets
kind-assets: assets
	@$(RUN) -cp $(HARNESS_CP) dev.strata.harness.AssetsMain kind

.PHONY: docker-engine
docker-engine: kind-assets ## a Docker engine that stays, where none answers; prints the DOCKER_HOST line
	@$(KIND) engine

.PHONY: docker-engine-down
docker-engine-down: jdk ## end it
	@$(KIND) engine-down

.PHONY: kind-up
kind-up: images kind-assets ## three nodes with kubelets and Strata on them; prints the KUBECONFIG line
	@$(KIND) up

.PHONY: kind-down
kind-down: jdk ## end them
	@$(KIND) down

.PHONY: demo-kind
demo-kind: images kind-assets ## the demo's shell script on kubelets, while an agent and a node are killed
	@$(KIND) run $(RUN) -cp $(DEMO_CP) dev.strata.demo.KindDemo "$(DOCS)"

.PHONY: test-kind
test-kind: images kind-assets ## install, work, faults, upgrade, uninstall on Kind
	@$(KIND) run $(MVN) verify -pl src/e2e -am -Dexec.skip -Dgroups=kind -DexcludedGroups= \
		-Dtest='Kind*Test' -Dsurefire.failIfNoSpecifiedTests=false

FROM ?=
PREVIOUS = $(CURDIR)/target/previous
.PHONY: test-upgrade
test-upgrade: jdk ## from an earlier version to this one and back on Kind, with agents at work: make test-upgrade FROM=commit
	@commit=$$(git rev-parse --verify -q "$(FROM)^{commit}") || \
		{ echo "FROM=$(FROM) is no commit: write one of the earlier version, or its tag" >&2; exit 1; }; \
	rm -rf "$(PREVIOUS)" && git clone -q . "$(PREVIOUS)" && git -C "$(PREVIOUS)" checkout -q "$$commit"
	@$(MAKE) -C "$(PREVIOUS)" images
	@$(MAKE) images kind-assets
	@$(KIND) run $(MVN) verify -pl src/e2e -am -Dexec.skip -Dgroups=upgrade -DexcludedGroups= \
		-Dtest=KindUpgradeTest -Dsurefire.failIfNoSpecifiedTests=false -Dstrata.previous="$(PREVIOUS)"

.PHONY: bench-spawn
bench-spawn: build ## how fast agents come, from spares and cold, beside the floor
	@$(BENCH).SpawnBench

.PHONY: bench-spawn-kind
bench-spawn-kind: images kind-assets ## the same on kubelets, beside pause pods
	@$(KIND) run $(BENCH).SpawnBench kind

.PHONY: bench-tasks
bench-tasks: build ## tasks a second, beside raw JetStream
	@$(BENCH).TasksBench

.PHONY: bench-agent
bench-agent: build ## memory of agents at work, and their start
	@$(BENCH).AgentBench

.PHONY: bench-agent-kind
bench-agent-kind: images kind-assets ## the same in pods with a memory limit
	@$(KIND) run $(BENCH).AgentBench kind

.PHONY: bench-recovery
bench-recovery: build ## from the kill of an agent to its successor at work
	@$(BENCH).RecoveryBench

.PHONY: bench-failover
bench-failover: build ## from the end of the leading operator to the next one's first agent; late writes
	@$(BENCH).FailoverBench

.PHONY: bench-quiet
bench-quiet: build ## writes of the operator while nothing happens, five minutes
	@$(BENCH).QuietBench

.PHONY: bench-gate
bench-gate: build ## 1,000 simulated agents in 20 pools: from a report to the changed verdict, and what gates cost
	@$(BENCH).GateBench

.PHONY: sim-gate
sim-gate: jdk ## how steadily and fast targets are judged, in simulated worlds; minutes, no cluster
	@$(QUIET) -pl src/bench -am -DskipTests package
	@$(BENCH).gate.GateSim

.PHONY: fault-run
fault-run: build ## 2,000 tasks while everything breaks once; counted from outside
	@$(BENCH).FaultRun
