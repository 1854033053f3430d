// SPDX-License-Identifier: Apache-2.0

package command

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
)

const (
	completionTimeout = 3 * time.Second // somebody waits with a finger on the key
	mostCompletions   = 500
)

func complete(command *cobra.Command, flag string, function cobra.CompletionFunc) {
	// It fails when the flag is not there: a mistake of this program.
	cobra.CheckErr(command.RegisterFlagCompletionFunc(flag, function))
}

func toCompletions(words []string) []cobra.Completion { return slices.Clone(words) }

// completeNames offers the resources' names for the only argument.
func (p *plugin) completeNames(command *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	client, namespace, err := p.connect()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(command.Context(), completionTimeout)
	defer cancel()
	var names []cobra.Completion
	// What was found before an error is as good as nothing is.
	_ = client.Pages(ctx, platform.Resource, namespace, "", func(object *unstructured.Unstructured) bool {
		if strings.HasPrefix(object.GetName(), prefix) {
			names = append(names, object.GetName())
		}
		return len(names) < mostCompletions
	})
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (p *plugin) completeNamespaces(command *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	client, _, err := p.connect()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(command.Context(), completionTimeout)
	defer cancel()
	list, err := client.Kube.CoreV1().Namespaces().List(ctx, metav1.ListOptions{Limit: mostCompletions})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []cobra.Completion
	for _, namespace := range list.Items {
		if strings.HasPrefix(namespace.Name, prefix) {
			names = append(names, namespace.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (p *plugin) completeContexts(_ *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	config, err := p.flags.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names := slices.Sorted(maps.Keys(config.Contexts))
	return slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, prefix) }), cobra.ShellCompDirectiveNoFileComp
}
