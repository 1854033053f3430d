#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds `kubectl taskplatform` into .local/bin, beside the script by which kubectl completes its arguments. GOOS and GOARCH
# name another system to build it for.
source "$(dirname "$0")/lib/common.sh"

BIN=$LOCAL/bin

command -v go >/dev/null || fail "Go was not found" "Install Go 1.25 or later."
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$ROOT/pom.xml")
mkdir -p "$BIN"
step "building kubectl-taskplatform $version (log: $LOCAL/log/plugin.log)"
cd "$ROOT/kubectl-plugin"
CGO_ENABLED=0 logged plugin go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$version" -o "$BIN/" .
cp kubectl_complete-taskplatform "$BIN/"
step "built. To install it: sudo install $BIN/kubectl[-_]*taskplatform* /usr/local/bin"
