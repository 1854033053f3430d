// SPDX-License-Identifier: Apache-2.0

// Command kubectl-taskplatform is `kubectl taskplatform`: status, plan, approval, restart, backup, logs and report of
// TaskPlatform resources.
package main

import (
	"os"

	"taskplatform.dev/kubectl-taskplatform/internal/command"
)

// version is set by the linker.
var version = "unknown"

func main() {
	os.Exit(command.Main(os.Args[1:], version))
}
