#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A real Kubernetes of one node on a bare Debian machine: no container engine, no virtual machine, no image from outside.
set -euo pipefail

CLUSTER_DIR=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
for library in ../lib/log lib/{settings,process,packages,build,pki,network,components,cleanup}; do
  # shellcheck source=/dev/null  # each is checked as a file of its own
  source "$CLUSTER_DIR/$library.sh"
done

usage() {
  cat <<X
Usage: cluster.sh COMMAND
  up              starts what does not run yet, and returns when the cluster can be used
  build           builds the programs, kubectl and helm among them, and starts nothing
  down [--purge]  ends everything; its data stays for the next up, with --purge all of $TP_STATE is deleted
  status          says what runs; succeeds when all does
  env             prints the exports to use the cluster by: eval "\$(dev/cluster/cluster.sh env)"
  logs NAME       prints the log of a component; further words go to tail, such as -f
Files are under $TP_STATE (set TP_STATE to change it).
X
}

up() {
  require_root
  lock
  mkdir -p "$TP_STATE" "$LOG_DIR"
  require_no_other_cluster
  install_packages
  build_programs
  make_identities
  forget_last_boot
  make_network
  start_components
  wait_for_dns
  step "up: use it by  eval \"\$($CLUSTER_DIR/cluster.sh env)\""
}

# Only an answer shows that DNS, and the way to it, work: after a restart the pod's status is of the time before.
build() {
  mkdir -p "$LOG_DIR"
  build_programs
}

wait_for_dns() {
  local log=$LOG_DIR/coredns.log deadline=$((SECONDS + 60)) name=kubernetes.default.svc.cluster.local
  until [[ $("$BIN_DIR/probe" lookup "$DNS_ADDRESS" "$name" 2>"$log") == "$API_SERVICE_ADDRESS" ]]; do
    ((SECONDS < deadline)) || {
      kubectl_local --namespace kube-system describe pods --selector k8s-app=kube-dns >>"$log" 2>&1 || true # the log is all we want
      kubectl_local --namespace kube-system logs deployment/coredns >>"$log" 2>&1 || true
      fail_with_log "$log" "$DNS_ADDRESS (coredns) does not answer the address of $name after 60 s."
    }
    sleep 0.1
  done
  step "coredns: answers"
}

down() {
  require_root
  lock
  require_no_other_cluster
  mkdir -p "$LOG_DIR"
  stop_components
  remove_mounts
  remove_pod_cgroups
  remove_network
  remove_files
  if [[ ${1:-} == --purge ]]; then
    rm -rf --one-file-system "${TP_STATE:?}"
    step "down: nothing is left"
  else
    step "down: the data stays in $TP_STATE (down --purge deletes it)"
  fi
}

status() {
  local running name pid missing=0
  running=$(running_components)
  for name in "${COMPONENTS[@]}"; do
    pid=$(sed -n "s/^$name //p" <<<"$running")
    if [[ -n $pid ]]; then
      printf '%-24s running (process %d)\n' "$name" "$pid"
    else
      printf '%-24s not running\n' "$name"
      ((missing += 1))
    fi
  done
  ((missing == 0)) || return 3
  kubectl_local get nodes --output wide
  kubectl_local get pods --all-namespaces
}

print_env() {
  cat <<X
export KUBECONFIG='$KUBECONFIG_FILE'
export REGISTRY='$REGISTRY'
export KUBE_BIN_DIR='$BIN_DIR'
export PATH='$BIN_DIR':"\$PATH"
X
  [[ ! -f $BASE_IMAGE ]] || echo "export IMAGE_BASE='tar://$BASE_IMAGE'"
}

logs() {
  local name=${1:?usage: cluster.sh logs NAME [TAIL OPTIONS]}
  shift
  [[ -f $LOG_DIR/$name.log ]] || fail "there is no log of '$name' in $LOG_DIR; there are: $(cd "$LOG_DIR" && echo *.log)"
  tail "$@" "$LOG_DIR/$name.log"
}

require_root() {
  ((EUID == 0)) || fail "this needs root: sudo $0"
}

# Only one up or down at a time on a machine, whatever its TP_STATE.
lock() {
  exec 9>"$LOCK_FILE"
  flock --nonblock 9 || {
    step "waiting for another $(basename "$0") to finish"
    flock 9
  }
}

require_no_other_cluster() {
  local other
  other=$(cat /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' | sed -n "s/^$MARK=.*@//p" |
    grep --invert-match --line-regexp --fixed-strings "$TP_STATE" | head -n 1) || true
  [[ -z $other ]] ||
    fail "a cluster with TP_STATE=$other runs, and a machine can have one. To end it: TP_STATE=$other $0 down"
}

# forget_last_boot deletes the sockets and the runtime's records of an earlier boot: where /run is on disk they outlive what
# they describe.
forget_last_boot() {
  local boot
  boot=$(cat /proc/sys/kernel/random/boot_id)
  if [[ -d $RUN_DIR && $(cat "$RUN_DIR/boot" 2>/dev/null) != "$boot" ]]; then
    remove_mounts
    remove_files
  fi
  mkdir -p "$RUN_DIR"
  echo "$boot" >"$RUN_DIR/boot"
}

command=${1:-}
shift || true
case $command in
  up) up ;;
  build) build ;;
  down) down "$@" ;;
  status) status ;;
  env) print_env ;;
  logs) logs "$@" ;;
  -h | --help | help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
