#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes the files that are generated from others: the CRD from the operator's classes, the kustomize base from the chart.
source "$(dirname "$0")/lib/common.sh"

"$ROOT/dev/mvn.sh" -q test -pl operator/api -Dtest=CrdTest -Dcrd.update=true
PATH=$("$ROOT/dev/cluster/cluster.sh" env | sed -n "s/^export KUBE_BIN_DIR='\(.*\)'/\1/p"):$PATH
command -v helm >/dev/null || fail "helm was not found" "Install Helm 3, or let \`make cluster\` build it."
"$ROOT/k8s/operator/generate.sh"
git -C "$ROOT" status --short -- helm k8s
