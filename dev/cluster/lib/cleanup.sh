# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Ends everything and leaves nothing behind, also when a part was killed or never came up.

stop_components() {
  local index name
  for ((index = ${#COMPONENTS[@]} - 1; index >= 0; index--)); do
    name=${COMPONENTS[index]}
    [[ -n $(component_pid "$name") ]] || continue
    stop "$name" 15
    step "$name: ended"
    # The kubelet would start the pods again, and the API server waits for the connections they hold.
    [[ $name != kubelet ]] || stop_pods
  done
  kill_leftover_pods
}

# stop_pods gives the containers' processes the same signal a machine gives at its shutdown, and a short grace.
stop_pods() {
  local deadline=$((SECONDS + 10)) id
  for id in $(running_tasks); do
    ctr_local tasks kill --signal SIGTERM "$id" >/dev/null 2>&1 || true # it ended by itself meanwhile
  done
  while [[ -n $(running_tasks) ]] && ((SECONDS < deadline)); do
    sleep 0.1
  done
  step "pods: ended"
}

running_tasks() {
  ctr_local tasks list 2>/dev/null | awk '$3 == "RUNNING" { print $1 }'
}

# kill_leftover_pods ends what no containerd answers for any more: the shims first, which would report and restart nothing,
# then every process in the pods' cgroups.
kill_leftover_pods() {
  local pid deadline=$((SECONDS + 10))
  for pid in $(shims) $(pod_processes); do
    kill -KILL "$pid" 2>/dev/null || true # ended already
  done
  while [[ -n $(shims)$(pod_processes) ]]; do
    ((SECONDS < deadline)) || fail "these processes of pods don't end: $({ shims; pod_processes; } | xargs). See ps -fp PID."
    sleep 0.1
  done
}

shims() {
  ps -eo pid=,args= | awk -v socket="$CONTAINERD_SOCKET" '$2 ~ /containerd-shim/ && index($0, "-address " socket) { print $1 }'
}

pod_processes() {
  find "${pod_cgroups[@]}" -name cgroup.procs -exec cat {} + 2>/dev/null | sort --unique || true # no such cgroup: no pods
}

pod_cgroups=(/sys/fs/cgroup/kubepods /sys/fs/cgroup/*/kubepods)

remove_pod_cgroups() {
  find "${pod_cgroups[@]}" -depth -type d -exec rmdir {} + 2>/dev/null || true # no such cgroup
}

# remove_mounts unmounts all under TP_STATE and RUN_DIR, the latest first.
remove_mounts() {
  local mount
  for mount in $(mounts_below "$TP_STATE" "$RUN_DIR"); do
    # Its owner may have unmounted it meanwhile.
    umount "$mount" 2>/dev/null || umount --lazy "$mount" 2>/dev/null || ! mountpoint --quiet "$mount" || fail "can't unmount $mount"
  done
}

mounts_below() {
  local directory
  for directory in "$@"; do
    awk -v directory="$directory/" 'index($5, directory) == 1 { print $5 }' /proc/self/mountinfo
  done | tac
}

# remove_files deletes what makes no sense without the processes; TP_STATE itself stays, with the cluster's data.
remove_files() {
  local socket result pod listening
  listening=$(ss --no-header --listening --unix | awk '{ print $5 }')
  # The shims' sockets, whose directory can't be set: those that nobody listens on any more.
  for socket in /run/containerd/s/*; do
    grep --quiet --line-regexp --fixed-strings "$socket" <<<"$listening" || rm -f "$socket"
  done
  for result in /var/lib/cni/results/"$CNI_NETWORK"-*; do
    pod=${result#"/var/lib/cni/results/$CNI_NETWORK-"}
    rm -f "$result" "/var/lib/cni/results/cni-loopback-${pod%-eth0}-lo"
  done
  rm -rf "$RUN_DIR" "/var/lib/cni/networks/$CNI_NETWORK"
  find /var/log/containers -type l -lname "$LOG_DIR/*" -delete 2>/dev/null || true # no such directory
  # Paths that can't be set. Another kubelet or containerd of the machine may use them too.
  rm -f /var/lib/kubelet/device-plugins/kubelet.sock
  rmdir --ignore-fail-on-non-empty /run/netns /run/containerd/s /run/containerd /var/lib/cni/networks /var/lib/cni/results /var/lib/cni \
    /var/lib/kubelet/device-plugins /var/lib/kubelet /usr/libexec/kubernetes/kubelet-plugins/volume/exec \
    /usr/libexec/kubernetes/kubelet-plugins/volume /usr/libexec/kubernetes/kubelet-plugins /usr/libexec/kubernetes \
    /var/log/containers 2>/dev/null || true # absent
}
