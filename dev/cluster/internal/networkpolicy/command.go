// SPDX-License-Identifier: Apache-2.0

// Package networkpolicy enforces the cluster's NetworkPolicies on this node, by kube-router's controller: it writes them as
// iptables rules and ipsets. (kube-network-policies needs nftables' queue statement, which not every kernel has.)
package networkpolicy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// nodeTimeout bounds the wait for the kubelet to register the node.
const nodeTimeout = time.Minute

// NewCommand is the program `network-policy`: it runs until it is told to end by SIGTERM or SIGINT. The rules stay when it
// ends, so that a restart opens nothing.
func NewCommand() *cobra.Command {
	var kubeconfig, node, serviceRange, healthAddress string
	command := &cobra.Command{
		Use:          "network-policy",
		Short:        "Enforces NetworkPolicies on this node",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return enforce(ctx, client, node, serviceRange, healthAddress)
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "path of the kubeconfig")
	command.Flags().StringVar(&node, "node", "", "name of this node")
	command.Flags().StringVar(&serviceRange, "service-cluster-ip-range", "", "range of the services' addresses")
	command.Flags().StringVar(&healthAddress, "health-address", "127.0.0.1:20244", "address that serves /healthz")
	for _, required := range []string{"kubeconfig", "node", "service-cluster-ip-range"} {
		cobra.CheckErr(command.MarkFlagRequired(required))
	}
	return command
}

func enforce(ctx context.Context, client kubernetes.Interface, node, serviceRange, healthAddress string) error {
	if err := waitForNode(ctx, client, node); err != nil {
		return fmt.Errorf("node %s did not appear: %w", node, err)
	}
	config := options.NewKubeRouterConfig()
	config.EnableIPv4 = true
	config.HostnameOverride = node
	config.ClusterIPCIDRs = []string{serviceRange}

	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	iptables, ipsets, err := netpol.NewIPTablesHandlers(config)
	if err != nil {
		return err
	}
	controller, err := netpol.NewNetworkPolicyController(client, config, pods, policies, namespaces, new(sync.Mutex), iptables, ipsets)
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), pods.HasSynced, namespaces.HasSynced, policies.HasSynced) {
		return ctx.Err()
	}
	for informer, handler := range map[cache.SharedIndexInformer]cache.ResourceEventHandler{
		pods:       controller.PodEventHandler,
		namespaces: controller.NamespaceEventHandler,
		policies:   controller.NetworkPolicyEventHandler,
	} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}

	health := new(health)
	heartbeats := make(chan *healthcheck.ControllerHeartbeat)
	go health.follow(heartbeats)
	defer close(heartbeats)
	server := &http.Server{Addr: healthAddress, Handler: health, ReadHeaderTimeout: time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	defer server.Close()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	running.Add(1)
	go controller.Run(heartbeats, ctx.Done(), &running)
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = nil
	}
	cancel()
	running.Wait()
	return err
}

func waitForNode(ctx context.Context, client kubernetes.Interface, name string) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, nodeTimeout, true, func(ctx context.Context) (bool, error) {
		_, last = client.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
		return last == nil, nil
	})
	if err != nil {
		return errors.Join(err, last)
	}
	return nil
}

// health answers 200 from the first time the controller wrote the rules.
type health struct {
	alive atomic.Bool
}

// follow takes every heartbeat: the controller stands still when nobody does.
func (h *health) follow(heartbeats <-chan *healthcheck.ControllerHeartbeat) {
	for range heartbeats {
		h.alive.Store(true)
	}
}

func (h *health) ServeHTTP(response http.ResponseWriter, _ *http.Request) {
	if !h.alive.Load() {
		http.Error(response, "the rules were not written yet", http.StatusServiceUnavailable)
	}
}
