# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Chooses the cluster to work on. `use_cluster` sets
#   EMBEDDED    true for the cluster of dev/cluster, false for one of the caller's
#   KUBECONFIG  its kubeconfig    REGISTRY  where images are pushed to and pulled from

EMBEDDED_CONTEXT=taskplatform-local

cluster_answers() {
  command -v kubectl >/dev/null && kubectl --request-timeout=5s get --raw /readyz >/dev/null 2>&1
}

use_embedded_cluster() {
  local exports
  "$ROOT/dev/cluster/cluster.sh" up
  "$ROOT/dev/base-image/build.sh"
  exports=$("$ROOT/dev/cluster/cluster.sh" env)
  eval "$exports"
  EMBEDDED=true
}

# Helm, and the API server that the operator's tests start for themselves.
use_built_programs() {
  "$ROOT/dev/cluster/cluster.sh" build
  KUBE_BIN_DIR=$("$ROOT/dev/cluster/cluster.sh" env | sed -n "s/^export KUBE_BIN_DIR='\(.*\)'/\1/p")
  PATH=$PATH:$KUBE_BIN_DIR # what the caller has comes first
  export KUBE_BIN_DIR PATH
}

use_cluster() {
  local context
  context=$(kubectl config current-context 2>/dev/null || true)
  if [ "$context" = "$EMBEDDED_CONTEXT" ]; then
    use_embedded_cluster
  elif cluster_answers; then
    [ -n "${REGISTRY:-}" ] || fail "the kubectl context '$context' answers, so it is used, but REGISTRY is not set" \
      "Set REGISTRY to a registry that you can push to and that this cluster can pull from." \
      "For the embedded cluster instead: KUBECONFIG=/dev/null make run"
    EMBEDDED=false
    command -v helm >/dev/null || use_built_programs
    step "using the cluster of the kubectl context '$context', images through $REGISTRY"
  elif [ -n "${KUBECONFIG:-}" ] && [ "$KUBECONFIG" != /dev/null ]; then
    fail "KUBECONFIG=$KUBECONFIG is given, but its cluster does not answer" \
      "Check it with: kubectl get --raw /readyz" "For the embedded cluster instead: unset KUBECONFIG"
  else
    use_embedded_cluster
  fi
  export EMBEDDED KUBECONFIG REGISTRY
}
