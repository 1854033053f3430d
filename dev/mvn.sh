#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Maven as the scripts call it: on the JDK 25, so that the formatter runs too, in batch mode.
source "$(dirname "$0")/lib/common.sh"

command -v mvn >/dev/null || fail "Maven was not found" "Install Maven 3.8 or later (Debian package maven)."
JAVA_HOME=$(jdk_home)
export JAVA_HOME
cd "$ROOT"
exec mvn -B -ntp "$@"
