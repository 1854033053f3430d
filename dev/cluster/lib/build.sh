# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Builds the programs and the two images that the cluster itself runs, when their sources changed.

# shellcheck disable=SC2054  # the commas belong to the tags
BUILD_FLAGS=(
  -trimpath
  -buildvcs=false
  # providerless: without the cloud providers' code. selinux: as upstream builds the kubelet.
  -tags=providerless,selinux
  "-ldflags=-s -w -X k8s.io/component-base/version.gitVersion=$KUBERNETES_VERSION -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=34 -X helm.sh/helm/v3/internal/version.version=v3.19.5"
)
PROGRAMS=(etcd kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubectl kubelet network-policy provisioner)

build_programs() {
  local stamp
  stamp=$(sources_stamp)
  if [[ $(cat "$BIN_DIR/.stamp" 2>/dev/null) == "$stamp" ]]; then
    step "programs: up to date"
    return
  fi
  step "programs: building (minutes when Go's build cache is cold)"
  require_go
  mkdir -p "$BIN_DIR"
  local program
  for program in cluster coredns image-archive pause probe; do
    go_build "$BIN_DIR/$program" "./cmd/$program"
  done
  go_build "$BIN_DIR/helm" helm.sh/helm/v3/cmd/helm
  for program in "${PROGRAMS[@]}"; do
    ln -sfn cluster "$BIN_DIR/$program"
  done
  build_image pause localhost:5000/pause:local 65535
  build_image coredns "localhost:5000/coredns:$COREDNS_VERSION" 65532
  echo "$stamp" >"$BIN_DIR/.stamp"
  step "programs: built"
}

sources_stamp() {
  {
    go version 2>/dev/null
    printf '%s\n' "${BUILD_FLAGS[@]}" "${PROGRAMS[@]}"
    cd "$CLUSTER_DIR" && find . -name '*.go' ! -name '*_test.go' -o -name 'go.*' | LC_ALL=C sort | xargs sha256sum
  } | sha256sum
}

require_go() {
  command -v go >/dev/null ||
    fail "go is not on the PATH. Install Go $(sed -n 's/^go //p' "$CLUSTER_DIR/go.mod") or newer (https://go.dev/doc/install), then run this again."
}

# go_build OUTPUT PACKAGE. A program that runs can't be written over, only replaced; an equal one stays.
go_build() {
  local output=$1 log=$LOG_DIR/build.log
  (cd "$CLUSTER_DIR" && CGO_ENABLED=0 go build "${BUILD_FLAGS[@]}" -o "$output.new" "$2") >"$log" 2>&1 ||
    fail_with_log "$log" "go build $2 failed."
  if cmp --quiet "$output.new" "$output"; then
    rm "$output.new"
  else
    mv "$output.new" "$output"
  fi
}

# build_image PROGRAM REFERENCE USER packs one static program as an image of its own.
build_image() {
  local program=$1 root
  mkdir -p "$IMAGE_DIR"
  root=$(mktemp -d "$IMAGE_DIR/.$program.XXXXXX")
  cp "$BIN_DIR/$program" "$root/$program"
  "$BIN_DIR/image-archive" -root "$root" -output "$IMAGE_DIR/$program.tar" -reference "$2" -user "$3" -entrypoint "/$program"
  rm -r "$root"
}
