#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job: from a checkout to a TaskPlatform that answers, and the proof of it. Safe to repeat.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/dev/lib/target.sh"
source "$ROOT/dev/lib/deploy.sh"

NAMESPACE=taskplatform
NAME=taskplatform
READY_TIMEOUT=${READY_TIMEOUT:-300} # seconds

# condition FIELD: of the Ready condition of the resource; empty while the operator has not written it.
condition() {
  kubectl -n $NAMESPACE get taskplatform $NAME -o jsonpath="{.status.conditions[?(@.type=='Ready')].$1}"
}

apply_sample() {
  logged namespace restricted_namespace $NAMESPACE
  logged sample kubectl -n $NAMESPACE apply -f "$ROOT/k8s/samples/taskplatform.yaml"
}

# Waits until the status speaks of the present spec and says Ready; prints each change of what it waits for.
wait_ready() {
  local deadline=$((SECONDS + READY_TIMEOUT)) seen='' now generation
  while [ $SECONDS -lt $deadline ]; do
    generation=$(kubectl -n $NAMESPACE get taskplatform $NAME -o jsonpath='{.metadata.generation}/{.status.observedGeneration}')
    if [ "$(condition status)" = True ]; then
      [ "${generation%/*}" != "${generation#*/}" ] || return 0
      now='the operator sees the change'
    else
      now=$(condition message)
    fi
    if [ -n "$now" ] && [ "$now" != "$seen" ]; then
      step "  waiting: $now"
      seen=$now
    fi
    sleep 1
  done
  kubectl -n $NAMESPACE get taskplatform,pods >&2
  fail "the TaskPlatform '$NAME' was not Ready after $READY_TIMEOUT s: $(condition message)" \
    "Look at: kubectl -n $NAMESPACE describe taskplatform $NAME" \
    "         kubectl -n $OPERATOR_NAMESPACE logs deployment/taskplatform-operator"
}

service_url() { kubectl -n $NAMESPACE get taskplatform $NAME -o jsonpath="{.status.services[?(@.name=='$1')].url}"; }

smoke_pod() {
  cat <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: smoke
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: smoke
      image: $TASK_SERVICE_IMAGE
      command: [java, -cp, '@/app/jib-classpath-file', dev.taskplatform.kit.smoke.SmokeTest]
      env:
        - {name: USER_SERVICE_URL, value: '$(service_url user-service)'}
        - {name: TASK_SERVICE_URL, value: '$(service_url task-service)'}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
YAML
}

prove_inside() {
  kubectl -n $NAMESPACE delete pod smoke --ignore-not-found --wait >/dev/null
  smoke_pod | kubectl -n $NAMESPACE create -f - >/dev/null
  local phase='' deadline=$((SECONDS + 120))
  until [ "$phase" = Succeeded ] || [ "$phase" = Failed ] || [ $SECONDS -ge $deadline ]; do
    sleep 0.5
    phase=$(kubectl -n $NAMESPACE get pod smoke -o jsonpath='{.status.phase}')
  done
  kubectl -n $NAMESPACE logs smoke | sed 's/^/         /'
  [ "$phase" = Succeeded ] || fail "the calls made inside the cluster failed (pod phase: ${phase:-unknown})" \
    "Look at: kubectl -n $NAMESPACE describe pod smoke"
  kubectl -n $NAMESPACE delete pod smoke --wait=false >/dev/null
}

# The addresses of the two services from this machine: node ports where the cluster is on it, else forwarded ports.
open_outside() {
  USER_SERVICE_URL=http://127.0.0.1:$1
  TASK_SERVICE_URL=http://127.0.0.1:$2
  export USER_SERVICE_URL TASK_SERVICE_URL
  [ "$EMBEDDED" = false ] || return 0
  kubectl -n $NAMESPACE port-forward "service/$NAME-user-service" "$1:80" >"$LOCAL/log/forward-user-service.log" 2>&1 &
  local first=$!
  kubectl -n $NAMESPACE port-forward "service/$NAME-task-service" "$2:80" >"$LOCAL/log/forward-task-service.log" 2>&1 &
  # shellcheck disable=SC2064
  trap "kill $first $! 2>/dev/null" EXIT
  local url
  for url in "$USER_SERVICE_URL" "$TASK_SERVICE_URL"; do
    curl -fsS --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "$url/openapi" ||
      fail "no answer at $url" "Logs of the port forwards: $LOCAL/log/forward-*.log"
  done
}

prove_outside() {
  local user_port=30080 task_port=30081
  open_outside $user_port $task_port
  local kit=$ROOT/services/service-kit/target
  "$(jdk_home)/bin/java" -cp "$kit/classes:$(cat "$kit/classpath")" dev.taskplatform.kit.smoke.SmokeTest |
    sed 's/^/         /' || fail "the calls made from outside the cluster failed"
}

next_steps() {
  printf '\nTaskPlatform works.\n\n'
  printf '  %s service   %s     API explorer %s/docs\n' \
    user "$USER_SERVICE_URL" "$USER_SERVICE_URL" task "$TASK_SERVICE_URL" "$TASK_SERVICE_URL"
  printf '\nNext things to try:\n'
  if [ "$EMBEDDED" = true ]; then
    # shellcheck disable=SC2016  # for the person's own shell to expand
    try 'eval "$(dev/cluster/cluster.sh env)"' 'point kubectl, helm and skaffold at this cluster'
  else
    try "kubectl -n $NAMESPACE port-forward service/$NAME-user-service 30080:80 &"
    try "kubectl -n $NAMESPACE port-forward service/$NAME-task-service 30081:80 &"
  fi
  try "kubectl -n $NAMESPACE get taskplatforms"
  try "curl -d '{\"username\":\"ada\",\"password\":\"correct horse\"}' -H 'Content-Type: application/json' $USER_SERVICE_URL/v1/users"
  try "kubectl -n $NAMESPACE delete deployment $NAME-task-service" 'comes back in seconds'
  try "kubectl -n $NAMESPACE edit taskplatform $NAME" 'userService: {config: {logLevel: DEBUG}}'
  try 'make dev' 'edit a handler, see it deployed'
  try 'make clean' 'remove everything'
}

# try COMMAND [WHAT IT SHOWS]
try() {
  if [ $# -eq 1 ]; then printf '  %s\n' "$1"; else printf '  %-75s # %s\n' "$1" "$2"; fi
}

use_cluster
source "$ROOT/dev/images.sh"
# shellcheck disable=SC1091
source "$LOCAL/images.env"
step "installing the operator"
install_operator
step "applying k8s/samples/taskplatform.yaml"
apply_sample
wait_ready
step "Ready"
kubectl -n $NAMESPACE get taskplatform $NAME | sed 's/^/         /'
step "calls from a pod inside the cluster"
prove_inside
step "calls from outside the cluster"
prove_outside
next_steps
