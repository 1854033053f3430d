// SPDX-License-Identifier: Apache-2.0

// Command coredns is CoreDNS with the plugins that the cluster's Corefile names. It is a program of its own since it runs
// in a pod, whose image should hold nothing else.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
)

func main() {
	// The order of the chain is fixed when CoreDNS is built, not by the Corefile.
	dnsserver.Directives = []string{"reload", "errors", "health", "ready", "cache", "loadbalance", "kubernetes", "forward"}
	coremain.Run()
}
