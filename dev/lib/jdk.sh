# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Needs log.sh.

# jdk_home prints the home of a JDK 25: JAVA_HOME where it is one, else an installed one.
jdk_home() {
  local candidate
  for candidate in "${JAVA_HOME:-/nonexistent}" /usr/lib/jvm/*25*; do
    if [[ -x $candidate/bin/jlink ]] && grep --quiet '^JAVA_VERSION="25[."]' "$candidate/release"; then
      echo "$candidate"
      return
    fi
  done
  fail "no JDK 25 found: JAVA_HOME is '${JAVA_HOME:-}', and /usr/lib/jvm has none. Install Temurin 25 (https://adoptium.net) or set JAVA_HOME."
}
