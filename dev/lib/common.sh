# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts behind `make` share: the root of the checkout, messages, and the JDK.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# What a checkout makes for itself, beside the cluster's own state.
LOCAL=$ROOT/.local
mkdir -p "$LOCAL/log"
for library in log jdk; do
  # shellcheck source=/dev/null
  source "$ROOT/dev/lib/$library.sh"
done

# logged NAME COMMAND...: runs it quietly into .local/log/NAME.log, and shows the end of that log when it fails.
logged() {
  local log=$LOCAL/log/$1.log
  shift
  "$@" >"$log" 2>&1 || fail_with_log "$log" "\`${1##*/} ${*:2:2} ...\` failed."
}
