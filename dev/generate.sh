#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes the files that are generated from others: the CRD from the operator's classes, the kustomize base from the chart.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/dev/lib/target.sh"

"$ROOT/dev/mvn.sh" -q test -pl operator/api -Dtest=CrdTest -Dcrd.update=true
command -v helm >/dev/null || use_built_programs
"$ROOT/k8s/operator/generate.sh"
git -C "$ROOT" status --short -- helm k8s
