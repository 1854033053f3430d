#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Removes what make run and make test made: from a cluster of one's own the sample and the operator, else the whole
# embedded cluster; then this checkout's build output.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/dev/lib/target.sh"

remove_from_cluster() {
  step "removing TaskPlatform from the cluster of the kubectl context '$(kubectl config current-context)'"
  kubectl delete namespace taskplatform taskplatform-dev taskplatform-system --ignore-not-found
  kubectl delete clusterrole,clusterrolebinding,customresourcedefinition --ignore-not-found \
    -l app.kubernetes.io/part-of=taskplatform
}

if [ "$(kubectl config current-context 2>/dev/null || true)" != "$EMBEDDED_CONTEXT" ] && cluster_answers; then
  remove_from_cluster
else
  "$ROOT/dev/cluster/cluster.sh" down --purge
fi
find "$ROOT" -name target -type d -prune -exec rm -rf {} +
rm -rf "$LOCAL"
