#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds a developer's tool at the version its Go module here fixes: $TP_STATE/bin/NAME, skipped when that is up to date.
# Callers prefer a tool that is on the PATH already: command -v skaffold >/dev/null || dev/tools/install.sh skaffold
set -euo pipefail

TOOLS_DIR=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
CLUSTER_DIR=$TOOLS_DIR/../cluster
for library in ../lib/log lib/{settings,build}; do
  # shellcheck source=/dev/null  # each is checked as a file of its own
  source "$CLUSTER_DIR/$library.sh"
done

main() {
  local name=${1:-}
  local module=$TOOLS_DIR/$name stamp
  [[ -n $name && -f $module/go.mod ]] || fail "usage: $0 NAME, one of: $(cd "$TOOLS_DIR" && echo */ | tr -d /)"
  mkdir -p "$BIN_DIR" "$LOG_DIR"
  exec 9>"$BIN_DIR/.$name.lock"
  flock 9
  stamp=$(go version 2>/dev/null | cat - "$module"/go.* | sha256sum)
  if [[ -x $BIN_DIR/$name && $(cat "$BIN_DIR/.$name.stamp" 2>/dev/null) == "$stamp" ]]; then
    step "$name: up to date ($BIN_DIR/$name)"
    return
  fi
  step "$name: building (minutes when Go's build cache is cold)"
  require_go
  build "$name" "$module"
  echo "$stamp" >"$BIN_DIR/.$name.stamp"
  step "$name: built ($BIN_DIR/$name)"
}

build() {
  local name=$1 module=$2 log=$LOG_DIR/$1-build.log package version
  cd "$module"
  package=$(sed -n "s,^tool \(.*/$name\)\$,\1,p" go.mod)
  version=$(sed -n "s,^\t${package%/cmd/*} \(v[^ ]*\).*,\1,p" go.mod)
  CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X ${package%/cmd/*}/pkg/$name/version.version=$version" \
    -o "$BIN_DIR/$name.new" "$package" >"$log" 2>&1 || fail_with_log "$log" "go build $package failed."
  mv "$BIN_DIR/$name.new" "$BIN_DIR/$name"
}

main "$@"
