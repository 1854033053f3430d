# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Certificates and kubeconfigs. Each component has an identity of its own with the rights upstream gives to that role.

# make_identities makes those that are missing. Keys are files that only root reads.
make_identities() {
  (
    umask 077
    mkdir -p "$PKI_DIR" "$CONFIG_DIR"
    cd "$PKI_DIR" || exit
    # Two authorities: whoever holds a cluster certificate may not on that account read etcd.
    authority ca
    authority etcd-ca
    certificate etcd-ca etcd /CN=etcd IP:127.0.0.1
    certificate etcd-ca etcd-client /CN=kube-apiserver
    certificate ca kube-apiserver /CN=kube-apiserver \
      "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:$API_SERVICE_ADDRESS,IP:$NODE_ADDRESS"
    certificate ca kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
    service_account_key

    client kubelet "/O=system:nodes/CN=system:node:$NODE_NAME" "DNS:$NODE_NAME,IP:$NODE_ADDRESS"
    client kube-controller-manager /CN=system:kube-controller-manager
    client kube-scheduler /CN=system:kube-scheduler
    client kube-proxy /CN=system:kube-proxy
    client network-policy /CN=taskplatform:network-policy
    client provisioner /CN=taskplatform:provisioner
    certificate ca admin /O=system:masters/CN=admin
    kubeconfig admin >"$KUBECONFIG_FILE"
  )
}

# authority NAME
authority() {
  [[ ! -s $1.crt ]] || return 0
  quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$CONTEXT $1" \
    -addext keyUsage=critical,keyCertSign -keyout "$1.key" -out "$1.crt"
}

# certificate AUTHORITY NAME SUBJECT [SUBJECT_ALTERNATIVE_NAMES]
# RSA, as kubeadm makes them: some client libraries read no other key in a kubeconfig (Java's fabric8 among them).
certificate() {
  [[ ! -s $2.crt ]] || return 0
  local extensions='extendedKeyUsage=clientAuth,serverAuth'
  [[ -z ${4:-} ]] || extensions+=$'\n'"subjectAltName=$4"
  quietly openssl req -newkey rsa:2048 -nodes -subj "$3" -keyout "$2.key" -out "$2.csr"
  quietly openssl x509 -req -in "$2.csr" -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -days 3650 -out "$2.crt" \
    -extfile <(echo "$extensions")
  rm "$2.csr"
}

service_account_key() {
  [[ ! -s service-account.pub ]] || return 0
  quietly openssl genrsa -out service-account.key 2048
  quietly openssl rsa -in service-account.key -pubout -out service-account.pub
}

# client NAME SUBJECT [SUBJECT_ALTERNATIVE_NAMES]: a certificate, and the kubeconfig of a component that uses it.
client() {
  certificate ca "$1" "$2" "${3:-}"
  kubeconfig "$1" >"$CONFIG_DIR/$1.kubeconfig"
}

# kubeconfig IDENTITY
kubeconfig() {
  cat <<X
apiVersion: v1
kind: Config
current-context: $CONTEXT
clusters:
  - name: $CONTEXT
    cluster:
      server: https://$NODE_ADDRESS:6443
      certificate-authority-data: $(base64 --wrap=0 ca.crt)
users:
  - name: $1
    user:
      client-certificate-data: $(base64 --wrap=0 "$1.crt")
      client-key-data: $(base64 --wrap=0 "$1.key")
contexts:
  - name: $CONTEXT
    context: {cluster: $CONTEXT, user: $1}
X
}

# quietly COMMAND...: openssl tells its progress on stderr; it is shown only when the command fails.
quietly() {
  local output
  output=$("$@" 2>&1) || fail "$* failed: $output"
}
