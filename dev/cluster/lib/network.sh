# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The node's own network: what the components expect to find, and what they leave behind.

# Pods reach what the machine reaches, under its address.
RULE_COMMENT=taskplatform-local
MASQUERADE=(
  POSTROUTING --source "$POD_RANGE" ! --destination "$CLUSTER_RANGE"
  --match comment --comment "$RULE_COMMENT" --jump MASQUERADE
)

make_network() {
  require_kernel
  # A bridge, as not every kernel has dummy devices. It carries the node's address and the service range: a packet of the
  # machine itself needs a route before kube-proxy's DNAT sees it, and with this one nothing addressed to a service can leave
  # by the default route when kube-proxy is down.
  ip link show "$NODE_BRIDGE" >/dev/null 2>&1 || ip link add "$NODE_BRIDGE" type bridge
  ip address replace "$NODE_ADDRESS/32" dev "$NODE_BRIDGE"
  ip link set "$NODE_BRIDGE" up
  ip route replace "$SERVICE_RANGE" dev "$NODE_BRIDGE" src "$NODE_ADDRESS"
  ip route replace "$CLUSTER_RANGE" dev "$NODE_BRIDGE" src "$NODE_ADDRESS" metric 1000
  sysctl --quiet --write net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1
  iptables --table nat --check "${MASQUERADE[@]}" 2>/dev/null || iptables --table nat --append "${MASQUERADE[@]}"
}

require_kernel() {
  local module
  for module in br_netfilter nf_conntrack overlay; do
    modprobe "$module" 2>/dev/null || true # built in, or found missing by the checks below
  done
  [[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]] ||
    fail "the kernel lacks br_netfilter, without which services don't answer pods: modprobe br_netfilter"
  [[ -e /proc/sys/net/netfilter/nf_conntrack_max ]] || fail "the kernel lacks connection tracking: modprobe nf_conntrack"
  grep --quiet --word-regexp overlay /proc/filesystems || fail "the kernel lacks overlayfs: modprobe overlay"
}

remove_network() {
  remove_pod_networks
  local bridge
  for bridge in "$POD_BRIDGE" "$NODE_BRIDGE"; do
    ip link delete "$bridge" 2>/dev/null || true # absent already
  done
  remove_rules iptables
  remove_rules ip6tables
  remove_sets
}

# Deleting a pod's network namespace deletes its veth pair too. Only those with an address of our pods are ours.
remove_pod_networks() {
  local namespace
  for namespace in $(ip netns list | sed -n 's/^\(cni-[^ ]*\).*/\1/p'); do
    if ip --netns "$namespace" -4 -oneline address show 2>/dev/null | grep --quiet ' inet 10\.244\.0\.'; then
      ip netns delete "$namespace"
    fi
  done
}

# remove_sets destroys the address sets of the network policies.
remove_sets() {
  command -v ipset >/dev/null || return 0
  local set
  for set in $(ipset list -name | grep -E '^(KUBE-SRC|KUBE-DST)-'); do
    ipset destroy "$set"
  done
}

# remove_rules iptables|ip6tables: the chains of kube-proxy, the kubelet and the network policies, and every rule that leads
# to them.
remove_rules() {
  command -v "$1" >/dev/null || return 0
  "$1-save" 2>/dev/null | awk -v comment="$RULE_COMMENT" '
    function finish() { if (changes != "") printf "%s\n%s%sCOMMIT\n", table, changes, deletions; changes = deletions = "" }
    function ours(chain) { return chain ~ /^KUBE-/ }
    /^\*/ { finish(); table = $0 }
    /^:/ { chain = substr($1, 2); if (ours(chain)) { changes = changes "-F " chain "\n"; deletions = deletions "-X " chain "\n" } }
    /^-A/ && !ours($2) && (/ -j KUBE-/ || $0 ~ "--comment \"?" comment) { sub(/^-A/, "-D"); changes = changes $0 "\n" }
    END { finish() }' | "$1-restore" --noflush
}
