# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the person sees: one line a step with the seconds since the start, and errors that say what to do next.

# Of the script that a person started: those that it calls go on counting.
export STARTED_AT=${STARTED_AT:-$EPOCHREALTIME}

step() {
  local elapsed=$((${EPOCHREALTIME/[.,]/} - ${STARTED_AT/[.,]/}))
  printf '[%3d.%d s] %s\n' $((elapsed / 1000000)) $((elapsed / 100000 % 10)) "$*"
}

# fail MESSAGE [HINT...]: what is wrong, then what to do about it, a line each.
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  [[ $# -eq 0 ]] || printf '       %s\n' "$@" >&2
  exit 1
}

# fail_with_log FILE MESSAGE: the end of the log is nearly always what is asked for next.
fail_with_log() {
  local file=$1
  shift
  printf 'error: %s\nThe last lines of %s:\n' "$*" "$file" >&2
  tail -n 20 "$file" | sed 's/^/  | /' >&2
  exit 1
}
