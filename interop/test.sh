#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Has clients of other ecosystems, a fuzzer and a crowd use both services, as processes on loopback.
#   interop/test.sh [PART...]    parts: python go node battery replicas fuzz; all unless named
# A part that fails does not stop the others. The last line has the totals; exits 1 when any failed.
source "$(dirname "$0")/../dev/lib/common.sh"

HERE=$ROOT/interop
# What is installed is kept here, and installed anew when what asks for it changes.
TOOLS=$LOCAL/interop
SERVICES=(services/user-service services/task-service)
ALL=(python go node battery replicas fuzz)

# once NAME FILE... -- COMMAND...: runs the command unless it has succeeded with these very files.
once() {
  local name=$1 sum files=()
  shift
  while [ "$1" != -- ]; do
    files+=("$1")
    shift
  done
  shift
  sum=$(cat "${files[@]}" | sha256sum)
  [ "$(cat "$TOOLS/$name.sum" 2>/dev/null)" != "$sum" ] || return 0
  step "installing what the $name part needs"
  logged "interop-install-$name" "$@"
  echo "$sum" >"$TOOLS/$name.sum"
}

install_python() {
  rm -rf "$TOOLS/python"
  "$1" -m venv "$TOOLS/python"
  "$TOOLS/python/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
    --requirement "$HERE/requirements.txt"
}

# Beside copies of the tests: Node looks for packages above the file that wants them, and the sources stay as they are.
install_node() {
  rm -rf "$TOOLS/node"
  mkdir -p "$TOOLS/node"
  cp "$HERE/node/package.json" "$HERE/node/package-lock.json" "$TOOLS/node"
  cd "$TOOLS/node"
  npm ci --no-fund --no-audit --no-update-notifier
}

install_all() {
  local python=python3
  mkdir -p "$TOOLS"
  "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "Python 3.11 or later, with venv, was not found" "Install it (Debian packages python3 and python3-venv)."
  once python "$HERE/requirements.txt" -- install_python "$python"
  if wants node; then
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null ||
      fail "Node.js 20 or later was not found" "Install it, or leave this part out: interop/test.sh python go battery fuzz"
    once node "$HERE/node/package.json" "$HERE/node/package-lock.json" -- install_node
  fi
  ! wants go || command -v go >/dev/null || fail "Go was not found" "Install Go 1.25 or later."
}

# The classes of both services, the class paths that they run on, and where the PostgreSQL of the tests is.
build_services() {
  local modules
  modules=$(IFS=, && echo "${SERVICES[*]}")
  "$ROOT/dev/mvn.sh" -q -pl "$modules" -am package -DskipTests \
    dependency:build-classpath -DincludeScope=runtime -Dmdep.outputFile=target/classpath
  "$ROOT/dev/mvn.sh" -q -pl services/user-service -am package -DskipTests \
    dependency:build-classpath -DincludeGroupIds=io.zonky.test.postgres -Dmdep.outputFile=target/postgres
}

run_pytest() { cd "$HERE" && "$PYTHON" -m pytest "$@"; }

run_go() { cd "$HERE/go" && go vet ./... && go test -count=1 -v ./...; }

run_node() {
  cp "$HERE"/node/*.test.js "$TOOLS/node"
  cd "$TOOLS/node" && node --test --test-reporter=spec
}

run() {
  case $1 in
    python | battery | fuzz) run_pytest "$1" ;;
    replicas) INTEROP_DATABASE=postgres run_pytest battery/test_{races,codes,registration,second_factor,time}.py ;;
    go | node) "run_$1" ;;
    *) fail "there is no part '$1'" "The parts are: ${ALL[*]}" ;;
  esac
}

# part NAME: its output on screen and in a log.
part() {
  step "-- $1"
  if ! run "$1" 2>&1 | tee "$LOCAL/log/interop-$1.log"; then
    failed=true
  fi
}

wants() { [[ " ${parts[*]} " == *" $1 "* ]]; }

# "N passed, N failed, N skipped" over the closing lines of pytest and Node and the tests of Go.
totals() {
  local name
  for name in "${parts[@]}"; do
    sed -nE '
      /^=.* in [0-9.]+s/ { s/[=,]/ /g; p }
      s/^ℹ (pass|fail|skipped) ([0-9]+)$/\2 \1/p
      s/^ *--- (PASS|FAIL|SKIP): .*/1 \1/p
      s/^(FAIL\t|fail:).*/1 fail/p' "$LOCAL/log/interop-$name.log"
  done | awk '
    { for (i = 2; i <= NF; i++) n[tolower(substr($i, 1, 4))] += $(i - 1) }
    END { printf "%d passed, %d failed, %d skipped\n", n["pass"], n["fail"] + n["erro"], n["skip"] }'
}

parts=("$@")
failed=false
if [ "${1:-}" = --on-stage ]; then
  # Called by the stage, which has started the services.
  for name in "${@:2}"; do
    part "$name"
  done
  [ "$failed" = false ]
  exit
fi
[ $# -gt 0 ] || parts=("${ALL[@]}")
rm -f "$LOCAL"/log/interop-*
install_all
export PYTHON=$TOOLS/python/bin/python PYTHONDONTWRITEBYTECODE=1 CGO_ENABLED=0
step "building the services"
logged interop-build build_services
JAVA_HOME=$(jdk_home)
export JAVA_HOME

staged=() own=()
for name in "${parts[@]}"; do
  case $name in
    python | go | node) staged+=("$name") ;;
    *) own+=("$name") ;;
  esac
done
if [ ${#staged[@]} -gt 0 ]; then
  (cd "$HERE" && "$PYTHON" -m stage "$HERE/test.sh" --on-stage "${staged[@]}") || failed=true
fi
for name in "${own[@]}"; do
  part "$name"
done
totals
[ "$failed" = false ]
