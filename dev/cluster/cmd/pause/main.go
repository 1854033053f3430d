// SPDX-License-Identifier: Apache-2.0

// Command pause is process 1 of every pod sandbox: it holds the pod's namespaces and reaps orphans until it is told to end.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	childEnded := make(chan os.Signal, 1)
	signal.Notify(childEnded, syscall.SIGCHLD)
	for {
		select {
		case <-end:
			return
		case <-childEnded:
			reap()
		}
	}
}

// reap collects all ended children: signals coalesce, so one SIGCHLD can stand for many.
func reap() {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid == 0 {
			return
		}
	}
}
