# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Puts the operator and the sample on the cluster. Needs use_cluster and .local/images.env.

OPERATOR_NAMESPACE=taskplatform-system

# restricted_namespace NAME: made if absent; its pods must meet the restricted Pod Security Standard.
restricted_namespace() {
  kubectl apply -f - <<YAML
apiVersion: v1
kind: Namespace
metadata:
  name: $1
  labels:
    pod-security.kubernetes.io/enforce: restricted
YAML
}

install_operator() {
  # shellcheck disable=SC1091
  source "$LOCAL/images.env"
  local name=${TASKPLATFORM_OPERATOR_IMAGE#"$REGISTRY"/}
  logged namespace restricted_namespace "$OPERATOR_NAMESPACE"
  logged operator helm upgrade --install taskplatform-operator "$ROOT/helm/taskplatform-operator" \
    --namespace "$OPERATOR_NAMESPACE" --wait --timeout 3m \
    --set-string image.registry="$REGISTRY" \
    --set-string image.repository="${name%%:*}" \
    --set-string image.tag="${name#*:}" \
    --set-string operands.userService.image="$USER_SERVICE_IMAGE" \
    --set-string operands.taskService.image="$TASK_SERVICE_IMAGE"
}
