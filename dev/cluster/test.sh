#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the local cluster for real.
#   test.sh              on the cluster that runs (it is started when none does), in a namespace that it removes when all passed
#   test.sh --lifecycle  a whole life, in a TP_STATE of its own: from nothing to nothing. No cluster may run.
set -Eeuo pipefail
trap 'echo "failed at line $LINENO: $BASH_COMMAND" >&2' ERR

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
namespace=cluster-test

main() {
  case ${1:-} in
    '') test_use ;;
    --lifecycle) test_lifecycle ;;
    *)
      sed -n '3,5s/^# //p' "${BASH_SOURCE[0]}" >&2
      exit 2
      ;;
  esac
  echo "passed"
}

# --- a whole life

test_lifecycle() {
  ! "$here/cluster.sh" status >/dev/null 2>&1 || die "a cluster runs: end it first (cluster.sh down)"
  local programs=${TP_STATE:-/var/lib/taskplatform-local}
  TP_STATE=$(mktemp -d /var/lib/taskplatform-test.XXXXXX)
  export TP_STATE
  trap '"$here/cluster.sh" down --purge' EXIT
  # Building is not what this tests: it takes over what is built. `up` builds what is not.
  [[ ! -d $programs/bin ]] || cp -a "$programs/bin" "$programs/images" "$TP_STATE"

  remnants >/tmp/before.$$
  taken_port_is_named
  two_ups_share_the_work
  test_use
  keys_are_private
  kill_everything
  ! "$here/cluster.sh" status >/dev/null || die "status succeeds though nothing runs"
  ok "status tells that nothing runs"
  "$here/cluster.sh" up >/dev/null
  test_use
  restart_machine
  test_use
  "$here/cluster.sh" down
  nothing_is_left
  "$here/cluster.sh" up >/dev/null
  test_use
  "$here/cluster.sh" down --purge
  nothing_is_left
  [[ ! -e $TP_STATE ]] || die "down --purge left $TP_STATE"
  ok "down --purge deletes TP_STATE"
  trap - EXIT
  rm /tmp/before.$$
}

taken_port_is_named() {
  local output holder
  "$here/cluster.sh" up >/dev/null # the programs must be there
  "$here/cluster.sh" down >/dev/null
  "$TP_STATE/bin/probe" serve 127.0.0.1:2379 >/dev/null &
  holder=$!
  eventually 5 curl --silent --fail http://127.0.0.1:2379/
  if output=$("$here/cluster.sh" up 2>&1); then
    die "up succeeded on a taken port"
  fi
  kill "$holder"
  [[ $output == *"port 2379"*"probe (process $holder)"* ]] || die "up does not name the port and its holder: $output"
  ok "a taken port is named, and who holds it"
}

two_ups_share_the_work() {
  local first
  "$here/cluster.sh" up >/dev/null &
  first=$!
  "$here/cluster.sh" up >/dev/null
  wait "$first"
  ok "two ups at once don't fight"
}

keys_are_private() {
  local readable
  readable=$(find "$TP_STATE" \( -name '*.key' -o -name '*kubeconfig' \) -perm /077)
  [[ -z $readable ]] || die "others may read $readable"
  ok "keys are private"
}

# restart_machine leaves what a machine with /run on its disk finds when it starts again.
restart_machine() {
  kill_everything
  local pid
  while read -r pid; do
    kill -KILL "$pid" 2>/dev/null || true # it ended with its parent
  done < <(find /sys/fs/cgroup -path '*kubepods*' -name cgroup.procs -exec cat {} +)
  echo "an earlier boot" >/run/taskplatform-local/boot
}

# kill_everything is the end of a machine without notice, but for its mounts, its network and the pods' own processes.
kill_everything() {
  local pid
  for pid in $(grep --files-with-matches --no-messages --null-data "@$TP_STATE\$" /proc/[0-9]*/environ | tr -dc '0-9\n'); do
    kill -KILL "$pid" 2>/dev/null || true # it ended with its parent
  done
}

nothing_is_left() {
  remnants | diff /tmp/before.$$ - || die "down left what is marked with > above"
  ok "down leaves no process, mount, link, namespace, rule, set, cgroup or file outside TP_STATE"
}

# remnants lists all a cluster could leave on a machine.
remnants() {
  # shellcheck disable=SC2009  # pgrep can't leave zombies out
  ps -eo state=,args= | grep --extended-regexp 'containerd|docker-registry|kube|etcd|taskplatform' |
    grep --invert-match --extended-regexp "^Z|grep|ps -eo|cluster/test.sh" || true
  findmnt --raw --noheadings --output TARGET
  ip -oneline link show | cut -d: -f2
  ip netns list
  ip route show
  local program
  for program in iptables ip6tables; do
    "$program-save" | sed -n '/^-A/p; s/^\(:.*\) - .*/\1/p' # rules and own chains
  done
  ipset list -name
  find /sys/fs/cgroup -type d -name 'kubepods*'
  local place
  for place in /run /etc/cni /opt/cni /opt/containerd /var/lib/{cni,kubelet,containerd} /var/log/{pods,containers} \
    /usr/libexec/kubernetes; do
    [[ ! -e $place ]] || find "$place" -not -path '/run/taskplatform-local.lock' -not -path '/run/mount*' | sort
  done
}

# --- use

test_use() {
  "$here/cluster.sh" up >/dev/null
  eval "$("$here/cluster.sh" env)"
  local state=${TP_STATE:-/var/lib/taskplatform-local}
  image=$REGISTRY/cluster-test:$(sha256sum "$state/bin/probe" | cut -c1-12)
  kubectl delete namespace "$namespace" --ignore-not-found >/dev/null
  push_image "$state"
  apply workload
  kubectl --namespace "$namespace" wait --for=condition=Available deployment/server --timeout=60s >/dev/null
  kubectl --namespace "$namespace" wait --for=condition=Ready pod/client --timeout=60s >/dev/null
  ok "pods of a pushed image become ready under restricted pod security"

  pod_security_refuses
  dns_answers
  services_are_routed
  volume_keeps_data
  [[ $(kubectl --namespace "$namespace" logs deployment/server) == *"serving on"* ]] || die "no logs"
  ok "logs"
  policies_are_enforced
  volume_is_removed
}

push_image() {
  local ctr=(ctr --address /run/taskplatform-local/containerd/containerd.sock --namespace cluster-test) work
  work=$(mktemp -d)
  mkdir "$work/root"
  cp "$1/bin/probe" "$work/root/"
  "$1/bin/image-archive" -root "$work/root" -output "$work/image.tar" -reference "$image" -entrypoint /probe
  "${ctr[@]}" images import "$work/image.tar" >/dev/null
  "${ctr[@]}" images push --plain-http "$image" >/dev/null
  "${ctr[@]}" images remove --sync "$image" >/dev/null
  "${ctr[@]}" namespaces remove cluster-test >/dev/null
  rm -r "$work"
}

apply() {
  sed "s,IMAGE,$image," "$here/testdata/$1.yaml" | kubectl apply --filename - >/dev/null
}

pod_security_refuses() {
  local output
  if output=$(apply privileged 2>&1); then die "a privileged pod was let in"; fi
  [[ $output == *PodSecurity* ]] || die "a privileged pod was refused for another reason: $output"
  ok "pod security refuses a privileged pod"
}

in_client() {
  kubectl --namespace "$namespace" exec client -- /probe "$@"
}

dns_answers() {
  cluster_ip=$(kubectl --namespace "$namespace" get service server --output 'jsonpath={.spec.clusterIP}')
  node_port=$(kubectl --namespace "$namespace" get service server --output 'jsonpath={.spec.ports[0].nodePort}')
  [[ $(in_client lookup 10.96.0.10 "server.$namespace.svc.cluster.local.") == "$cluster_ip" ]] || die "DNS does not answer a pod"
  ok "exec, and DNS from a pod"
}

services_are_routed() {
  # kube-proxy may learn a moment later than the API server that the pod is ready.
  eventually 10 curl --silent --fail --max-time 5 --request PUT --data "written once" "http://$cluster_ip/"
  local url
  for url in "http://$cluster_ip/" "http://127.0.0.1:$node_port/" "http://10.244.255.1:$node_port/"; do
    [[ $(curl --silent --fail --max-time 5 "$url") == "written once" ]] || die "$url does not answer the machine"
  done
  for url in http://server/ "http://server.$namespace/" "http://$cluster_ip/" "http://10.244.255.1:$node_port/"; do
    [[ $(in_client get "$url") == "written once" ]] || die "$url does not answer a pod"
  done
  [[ $(kubectl --namespace "$namespace" exec deployment/server -- /probe get http://server/) == "written once" ]] ||
    die "a pod can't reach itself by its service"
  ok "the service answers by name, cluster address and node port, from the machine and from pods"
}

volume_keeps_data() {
  volume=$(kubectl --namespace "$namespace" get persistentvolumeclaim data --output 'jsonpath={.spec.volumeName}')
  directory=$(kubectl get persistentvolume "$volume" --output 'jsonpath={.spec.local.path}')
  [[ $(cat "$directory/file") == "written once" ]] || die "the volume's directory $directory lacks the file"
  kubectl --namespace "$namespace" rollout restart deployment/server >/dev/null
  kubectl --namespace "$namespace" rollout status deployment/server --timeout=60s >/dev/null
  eventually 10 in_client get http://server/
  [[ $(in_client get http://server/) == "written once" ]] || die "the next pod does not find the file"
  ok "a claim is bound by the default class, written to, and outlives its pod"
}

policies_are_enforced() {
  local name="server.$namespace.svc.cluster.local."
  apply policy-deny-ingress
  eventually 10 fails in_client get "http://$cluster_ip/"
  in_client lookup 10.96.0.10 "$name" >/dev/null || die "a policy for the server keeps the client from DNS"
  curl --silent --fail --max-time 5 "http://127.0.0.1:$node_port/" >/dev/null || die "the node itself must always reach its pods"
  apply policy-deny-egress
  eventually 10 fails in_client lookup 10.96.0.10 "$name"
  apply policy-allow
  eventually 10 in_client get http://server/
  kubectl --namespace "$namespace" delete networkpolicies --all >/dev/null
  ok "network policies are enforced, both ways, with DNS allowed by the usual labels"
}

volume_is_removed() {
  kubectl delete namespace "$namespace" >/dev/null
  eventually 30 test ! -e "$directory"
  ok "a removed claim's directory is removed"
}

# --- helpers

fails() {
  ! "$@"
}

# eventually SECONDS COMMAND...
eventually() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || die "in time this did not come true: $*"
    sleep 0.1
  done
}

ok() {
  echo "ok: $*"
}

die() {
  echo "failed: $*" >&2
  exit 1
}

main "$@"
