# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Each component: its configuration, its command line, and how one knows that it serves. Everything listens on 127.0.0.1 or on
# the node's address, never on an address of the machine's own network.

# In the order of their start; they are ended in the reverse order.
COMPONENTS=(
  etcd containerd registry kube-apiserver kube-controller-manager kube-scheduler provisioner kubelet kube-proxy network-policy
)

start_components() {
  local running name pid
  running=$(running_components)
  write_configuration
  for name in "${COMPONENTS[@]}"; do
    pid=$(sed -n "s/^$name //p" <<<"$running")
    if [[ -z $pid ]]; then
      "start_$name"
      step "$name: started"
    elif [[ $(readlink "/proc/$pid/exe") == *' (deleted)' ]]; then
      step "$name: runs an older build; down and up take the new one"
    fi
    # Without these the components after them end at once.
    case $name in etcd | containerd | kube-apiserver) "ready_$name" ;; esac
    # The manifests hold the rights of the components after it.
    [[ $name != kube-apiserver ]] || apply_manifests
  done
  for name in "${COMPONENTS[@]}"; do
    "ready_$name"
    step "$name: ready"
  done
}

write_configuration() {
  mkdir -p "$CONFIG_DIR/cni" "$RUN_DIR"
  chmod 700 "$CONFIG_DIR" "$RUN_DIR"
  configuration_containerd >"$CONFIG_DIR/containerd.toml"
  configuration_cni >"$CONFIG_DIR/cni/10-local.conflist"
  configuration_registry >"$CONFIG_DIR/registry.yaml"
  configuration_kubelet >"$CONFIG_DIR/kubelet.yaml"
  configuration_resolver >"$CONFIG_DIR/resolv.conf"
}

probe() {
  curl --silent --fail --output /dev/null --max-time 2 "$@"
}

# --- etcd

start_etcd() {
  require_port 127.0.0.1 2379 etcd
  require_port 127.0.0.1 2380 etcd
  # --unsafe-no-fsync: this cluster is thrown away, and starts much faster when its writes needn't reach the disk. It
  # survives killed processes; after a loss of power `down --purge` may be needed.
  start etcd "$BIN_DIR/etcd" --name=local --data-dir=etcd --unsafe-no-fsync \
    --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379 \
    --cert-file=pki/etcd.crt --key-file=pki/etcd.key --client-cert-auth --trusted-ca-file=pki/etcd-ca.crt \
    --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 \
    --initial-cluster=local=http://127.0.0.1:2380
}

ready_etcd() {
  wait_ready etcd 30 probe --cacert "$PKI_DIR/etcd-ca.crt" --cert "$PKI_DIR/etcd-client.crt" --key "$PKI_DIR/etcd-client.key" \
    https://127.0.0.1:2379/health
}

# --- containerd, with the CNI network of the pods

start_containerd() {
  start containerd containerd --config "$CONFIG_DIR/containerd.toml"
}

ready_containerd() {
  wait_ready containerd 30 ctr_local version
  import_images
}

ctr_local() {
  ctr --address "$CONTAINERD_SOCKET" --namespace k8s.io "$@"
}

# import_images gives containerd the images that the cluster itself needs, when it lacks them or they were built anew.
import_images() {
  local stamp image
  stamp=$(sha256sum "$IMAGE_DIR"/*.tar)
  [[ $(cat "$TP_STATE/containerd/.images" 2>/dev/null) != "$stamp" ]] || return 0
  for image in "$IMAGE_DIR"/*.tar; do
    ctr_local images import "$image" >>"$LOG_DIR/images.log" 2>&1 || fail_with_log "$LOG_DIR/images.log" "importing $image failed."
  done
  echo "$stamp" >"$TP_STATE/containerd/.images"
}

configuration_containerd() {
  cat <<X
version = 2
root = "$TP_STATE/containerd"
state = "$RUN_DIR/containerd"
[grpc]
address = "$CONTAINERD_SOCKET"
[plugins."io.containerd.internal.v1.opt"]
path = "$TP_STATE/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
# Without it a machine that lacks CAP_SYS_RESOURCE can't start a pod ("can't get final child's PID from pipe").
restrict_oom_score_adj = true
sandbox_image = "localhost:5000/pause:local"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "$CONFIG_DIR/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
Root = "$RUN_DIR/runc"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."$REGISTRY"]
endpoint = ["http://127.0.0.1:5000"]
X
}

configuration_cni() {
  cat <<X
{
  "cniVersion": "1.0.0",
  "name": "$CNI_NETWORK",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "$POD_BRIDGE",
      "isGateway": true,
      "hairpinMode": true,
      "ipam": {
        "type": "host-local",
        "ranges": [[{"subnet": "$POD_RANGE"}]],
        "routes": [{"dst": "0.0.0.0/0"}]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
X
}

# --- registry

start_registry() {
  require_port 127.0.0.1 5000 registry
  start registry docker-registry serve "$CONFIG_DIR/registry.yaml"
}

ready_registry() {
  wait_ready registry 30 probe http://127.0.0.1:5000/v2/
}

configuration_registry() {
  cat <<X
version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: $TP_STATE/registry}
  delete: {enabled: true}
http: {addr: 127.0.0.1:5000}
X
}

# --- control plane

start_kube-apiserver() {
  require_port "$NODE_ADDRESS" 6443 kube-apiserver
  # InternalIP: the node's name can't be resolved, and logs and exec would fail.
  start kube-apiserver "$BIN_DIR/kube-apiserver" \
    --bind-address="$NODE_ADDRESS" --advertise-address="$NODE_ADDRESS" --secure-port=6443 \
    --tls-cert-file=pki/kube-apiserver.crt --tls-private-key-file=pki/kube-apiserver.key --client-ca-file=pki/ca.crt \
    --etcd-servers=https://127.0.0.1:2379 --etcd-cafile=pki/etcd-ca.crt --etcd-certfile=pki/etcd-client.crt \
    --etcd-keyfile=pki/etcd-client.key \
    --service-cluster-ip-range="$SERVICE_RANGE" --endpoint-reconciler-type=lease --allow-privileged=true \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=pki/service-account.pub \
    --service-account-signing-key-file=pki/service-account.key \
    --kubelet-client-certificate=pki/kubelet-client.crt --kubelet-client-key=pki/kubelet-client.key \
    --kubelet-certificate-authority=pki/ca.crt --kubelet-preferred-address-types=InternalIP
}

ready_kube-apiserver() {
  wait_ready kube-apiserver 60 kubectl_local get --raw /readyz
}

apply_manifests() {
  local log=$LOG_DIR/manifests.log deadline=$((SECONDS + 20))
  # The API server makes the namespace kube-system only after it said that it is ready.
  until kubectl_local apply --filename "$CLUSTER_DIR/manifests" >"$log" 2>&1; do
    ((SECONDS < deadline)) || fail_with_log "$log" "the manifests could not be applied."
    sleep 0.1
  done
}

kubectl_local() {
  "$BIN_DIR/kubectl" --kubeconfig "$KUBECONFIG_FILE" "$@"
}

start_kube-controller-manager() {
  require_port 127.0.0.1 10257 kube-controller-manager
  start kube-controller-manager "$BIN_DIR/kube-controller-manager" --kubeconfig="$CONFIG_DIR/kube-controller-manager.kubeconfig" \
    --bind-address=127.0.0.1 --leader-elect=false --use-service-account-credentials=true \
    --service-account-private-key-file=pki/service-account.key --root-ca-file=pki/ca.crt \
    --cluster-cidr="$CLUSTER_RANGE" --allocate-node-cidrs=false \
    --node-monitor-period=1s # how soon pods may be put on a node that became ready
}

# --insecure: these two make a certificate of their own at each start, and the answer to this probe is not a secret.
ready_kube-controller-manager() {
  wait_ready kube-controller-manager 30 probe --insecure https://127.0.0.1:10257/healthz
}

start_kube-scheduler() {
  require_port 127.0.0.1 10259 kube-scheduler
  start kube-scheduler "$BIN_DIR/kube-scheduler" --kubeconfig="$CONFIG_DIR/kube-scheduler.kubeconfig" \
    --bind-address=127.0.0.1 --leader-elect=false
}

ready_kube-scheduler() {
  wait_ready kube-scheduler 30 probe --insecure https://127.0.0.1:10259/healthz
}

# --- storage

start_provisioner() {
  require_port 127.0.0.1 8090 provisioner
  mkdir -p "$TP_STATE/volumes"
  start provisioner "$BIN_DIR/provisioner" --kubeconfig="$CONFIG_DIR/provisioner.kubeconfig" --directory="$TP_STATE/volumes" \
    --metrics-address=127.0.0.1 --metrics-port=8090
}

ready_provisioner() {
  wait_ready provisioner 30 probe http://127.0.0.1:8090/metrics
}

# --- node

start_kubelet() {
  require_port "$NODE_ADDRESS" 10250 kubelet
  require_port 127.0.0.1 10248 kubelet
  start kubelet "$BIN_DIR/kubelet" --config="$CONFIG_DIR/kubelet.yaml" --kubeconfig="$CONFIG_DIR/kubelet.kubeconfig" \
    --hostname-override="$NODE_NAME" --node-ip="$NODE_ADDRESS" --root-dir="$TP_STATE/kubelet" --cert-dir="$TP_STATE/kubelet/pki"
}

ready_kubelet() {
  wait_ready kubelet 60 node_is_ready
}

# What this kubelet says, not what the one before it said last.
node_is_ready() {
  local status heartbeat started
  read -r status heartbeat < <(kubectl_local get node "$NODE_NAME" \
    --output 'jsonpath={range .status.conditions[?(@.type=="Ready")]}{.status} {.lastHeartbeatTime}{"\n"}{end}')
  started=$(ps -o lstart= -p "$(component_pid kubelet)")
  [[ $status == True ]] && (($(date --date "$heartbeat" +%s) >= $(date --date "$started" +%s)))
}

configuration_kubelet() {
  cat <<X
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_ADDRESS
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $PKI_DIR/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: $PKI_DIR/kubelet.crt
tlsPrivateKeyFile: $PKI_DIR/kubelet.key
clusterDomain: cluster.local
clusterDNS: [$DNS_ADDRESS]
containerRuntimeEndpoint: unix://$CONTAINERD_SOCKET
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
resolvConf: $CONFIG_DIR/resolv.conf
podLogsDir: $LOG_DIR/pods
volumePluginDir: $TP_STATE/kubelet/volume-plugins
serializeImagePulls: false
# A developer's disk is often nearly full, and an image that is only in containerd can't be pulled again.
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
X
}

# Where CoreDNS asks for names outside of the cluster: the machine's servers, but none on a loopback address, which in a pod is
# the pod's own. Without any, the node's address stands in: nobody answers there, but CoreDNS wants one to start.
configuration_resolver() {
  local servers
  servers=$(cat /run/systemd/resolve/resolv.conf /etc/resolv.conf 2>/dev/null | grep '^nameserver' | grep -vE ' (127\.|::1)' | sort --unique) ||
    true # none found
  echo "${servers:-nameserver $NODE_ADDRESS}"
}

start_kube-proxy() {
  require_port 127.0.0.1 10256 kube-proxy
  require_port 127.0.0.1 10249 kube-proxy
  # --conntrack-max-per-core=0: the machine's own limit stays, which a container or a small virtual machine may not change.
  start kube-proxy "$BIN_DIR/kube-proxy" --kubeconfig="$CONFIG_DIR/kube-proxy.kubeconfig" --hostname-override="$NODE_NAME" \
    --proxy-mode=iptables --cluster-cidr="$CLUSTER_RANGE" --nodeport-addresses="127.0.0.0/8,$NODE_ADDRESS/32" \
    --conntrack-max-per-core=0 --healthz-bind-address=127.0.0.1:10256 --metrics-bind-address=127.0.0.1:10249
}

ready_kube-proxy() {
  wait_ready kube-proxy 30 probe http://127.0.0.1:10256/healthz
}

start_network-policy() {
  require_port 127.0.0.1 20244 network-policy
  start network-policy "$BIN_DIR/network-policy" --kubeconfig="$CONFIG_DIR/network-policy.kubeconfig" --node="$NODE_NAME" \
    --service-cluster-ip-range="$SERVICE_RANGE" --health-address=127.0.0.1:20244
}

ready_network-policy() {
  wait_ready network-policy 60 probe http://127.0.0.1:20244/healthz
}
