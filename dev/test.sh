#!/usr/bin/env bash
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
  say "== $name"
  if ! "$@" 2>&1 | tee "$LOCAL/log/test-$name.log"; then
    failed_parts+=("$name")
  fi
}

java_tests() { "$ROOT/dev/mvn.sh" verify; }

e2e_tests() {
  source "$ROOT/dev/images.sh"
  install_operator
  set -a
  # shellcheck disable=SC1091
  source "$LOCAL/images.env"
  set +a
  "$ROOT/dev/mvn.sh" verify -Pe2e -pl e2e
}

go_tests() { (cd "$ROOT/dev/cluster" && go vet ./... && go test ./...); }

# The sum over the reports of Surefire and Failsafe and the closing lines of the shell suites: passed, failed, skipped.
totals() {
  {
    find "$ROOT" -path '*/target/*-reports/TEST-*.xml' -exec grep -ho '<testsuite [^>]*' {} + |
      sed -E 's/.* tests="([0-9]+)".*/& T=\1/; s/.* errors="([0-9]+)".*/& E=\1/; s/.* failures="([0-9]+)".*/& F=\1/; s/.* skipped="([0-9]+)".*/& S=\1/'
    grep -hE '^[0-9]+ passed, [0-9]+ failed$' "$LOCAL"/log/test-*.log | sed -E 's/^([0-9]+) passed, ([0-9]+) failed/P=\1 F=\2/'
  } | awk '{
      t = e = f = s = p = 0
      for (i = 1; i <= NF; i++) if (split($i, kv, "=") == 2 && kv[1] ~ /^[TEFSP]$/) {
        if (kv[1] == "T") t = kv[2]; if (kv[1] == "E") e = kv[2]; if (kv[1] == "F") f = kv[2]
        if (kv[1] == "S") s = kv[2]; if (kv[1] == "P") p = kv[2]
      }
      failed += e + f; skipped += s; passed += p + (t ? t - e - f - s : 0)
    } END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }'
}

find "$ROOT" -path '*/target/*-reports' -prune -exec rm -rf {} +
rm -f "$LOCAL"/log/test-*.log
use_cluster
part go go_tests
part java java_tests
part e2e e2e_tests

say "done"
if [ ${#failed_parts[@]} -gt 0 ]; then
  echo "Failed: ${failed_parts[*]} (logs: $LOCAL/log/test-NAME.log)"
fi
totals
[ ${#failed_parts[@]} -eq 0 ]
