#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every test, from the fastest to the ones that need the whole system; the last line has the totals of all of them.
# A part that fails does not stop the others. Exits 1 when any failed.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/dev/lib/target.sh"
source "$ROOT/dev/lib/deploy.sh"

failed_parts=()

# part NAME COMMAND...: one part of the suite, its output on screen and in a log.
part() {
  local name=$1
  shift
  step "== $name"
  if ! "$@" 2>&1 | tee "$LOCAL/log/test-$name.log"; then
    failed_parts+=("$name")
  fi
}

java_tests() { "$ROOT/dev/mvn.sh" verify --fail-at-end; }

e2e_tests() {
  source "$ROOT/dev/images.sh"
  install_operator
  set -a
  # shellcheck disable=SC1091
  source "$LOCAL/images.env"
  set +a
  "$ROOT/dev/mvn.sh" verify -Pe2e -pl e2e
}

# The flags that the cluster's programs are built with, so that nothing is compiled twice.
go_tests() {
  local flags=(-trimpath '-tags=providerless,selinux')
  export CGO_ENABLED=0
  cd "$ROOT/dev/cluster" && go vet "${flags[@]}" ./... && go test "${flags[@]}" ./...
}

# With the cluster's -trimpath, so that what both are made of is compiled once.
plugin_tests() {
  local unformatted
  export CGO_ENABLED=0
  cd "$ROOT/kubectl-plugin" || return
  unformatted=$(gofmt -l .) || return
  [ -z "$unformatted" ] || fail "these files are not formatted: $unformatted" "Run: gofmt -w kubectl-plugin"
  "$ROOT/dev/plugin.sh" && go vet -trimpath ./... && go test -trimpath -count=1 ./...
}

# The sum over the reports of Surefire and Failsafe, the packages of go test, the "ok:" lines of the cluster's own test
# and the totals of the part interop.
totals() {
  {
    find "$ROOT" -path '*/target/*-reports/TEST-*.xml' -exec grep -ho '<testsuite [^>]*' {} + |
      sed -E 's/.* tests="([0-9]+)".* errors="([0-9]+)".* skipped="([0-9]+)".* failures="([0-9]+)".*/\1 \2 \3 \4/'
    sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$LOCAL/log/test-interop.log" |
      awk '{ print $1 + $2 + $3, $2, $3, 0 }'
    sed -nE 's/^ok[: ].*/1 0 0 0/p; s/^(FAIL\t|failed: ).*/1 1 0 0/p' "$LOCAL"/log/test-{go,plugin,cluster}.log
  } 2>/dev/null | awk '
    { failed += $2 + $4; skipped += $3; passed += $1 - $2 - $3 - $4 }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }'
}

find "$ROOT" -path '*/target/*-reports' -prune -exec rm -rf {} +
rm -f "$LOCAL"/log/test-*.log
use_cluster
[ "$EMBEDDED" = true ] || use_built_programs
part go go_tests
part plugin plugin_tests
[ "$EMBEDDED" = false ] || part cluster "$ROOT/dev/cluster/test.sh"
part java java_tests
part interop "$ROOT/interop/test.sh"
part e2e e2e_tests

step "done"
if [ ${#failed_parts[@]} -gt 0 ]; then
  echo "Failed: ${failed_parts[*]} (logs: $LOCAL/log/test-NAME.log)"
fi
totals
[ ${#failed_parts[@]} -eq 0 ]
