#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Skaffold as the project uses it: the one on PATH, else one built from dev/tools, on the cluster of `make run`.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/dev/lib/target.sh"

use_cluster
command -v skaffold >/dev/null || "$ROOT/dev/tools/install.sh" skaffold
JAVA_HOME=$(jdk_home)
export JAVA_HOME SKAFFOLD_DEFAULT_REPO=$REGISTRY SKAFFOLD_UPDATE_CHECK=false
PATH=$JAVA_HOME/bin:$PATH
cd "$ROOT"
exec skaffold "$@"
