# shellcheck shell=bash disable=SC2034  # the other files use these
# SPDX-License-Identifier: Apache-2.0
# Where the local cluster keeps its files, and the addresses it takes.

KUBERNETES_VERSION=v1.34.4 # of k8s.io/kubernetes in go.mod
COREDNS_VERSION=1.12.4     # of github.com/coredns/coredns in go.mod; manifests/coredns.yaml names it too

TP_STATE=${TP_STATE:-/var/lib/taskplatform-local}
[[ $TP_STATE == /?* && $TP_STATE != *[[:space:]]* ]] || {
  echo "TP_STATE must be an absolute path without blanks, not '$TP_STATE'" >&2
  exit 2
}
RUN_DIR=/run/taskplatform-local # sockets: a Unix socket's path may not be longer than 107 characters
LOCK_FILE=/run/taskplatform-local.lock

BIN_DIR=$TP_STATE/bin
CONFIG_DIR=$TP_STATE/config
IMAGE_DIR=$TP_STATE/images
LOG_DIR=$TP_STATE/log
PKI_DIR=$TP_STATE/pki
KUBECONFIG_FILE=$TP_STATE/kubeconfig
CONTAINERD_SOCKET=$RUN_DIR/containerd/containerd.sock
BASE_IMAGE=$TP_STATE/base-image/base.tar

NODE_NAME=local
NODE_ADDRESS=10.244.255.1 # a node's address may not be link-local
POD_RANGE=10.244.0.0/24
CLUSTER_RANGE=10.244.0.0/16 # pods and the node
SERVICE_RANGE=10.96.0.0/16
API_SERVICE_ADDRESS=10.96.0.1
DNS_ADDRESS=10.96.0.10 # manifests/coredns.yaml names it too
NODE_BRIDGE=tp0
POD_BRIDGE=tp-pods
CNI_NETWORK=taskplatform-local
REGISTRY=localhost:5000
CONTEXT=taskplatform-local
