# shellcheck shell=bash
# What every script in dev/ shares: the root of the checkout, messages, and the JDK.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# What a checkout makes for itself, beside the cluster's own state.
LOCAL=$ROOT/.local
mkdir -p "$LOCAL/log"

say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }

# fail MESSAGE...: one line for what went wrong, one for each hint.
fail() {
  printf '\nerror: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
}

# logged NAME COMMAND...: runs it quietly into .local/log/NAME.log; shows the end of that log when it fails.
logged() {
  local log=$LOCAL/log/$1.log
  shift
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    fail "\`$*\` failed" "The whole log: $log"
  fi
}

# The home of a JDK of version 25 or later: JAVA_HOME where it is one, else an installed one.
jdk_home() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*-25-* /usr/lib/jvm/*25*; do
    if [ -x "$home/bin/javac" ] && "$home/bin/javac" -version 2>&1 | grep -qE '^javac (2[5-9]|[3-9][0-9])'; then
      echo "$home"
      return
    fi
  done
  fail "no JDK 25 was found" "Install one (Debian package temurin-25-jdk, or any other build) or point JAVA_HOME at it."
}
