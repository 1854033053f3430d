// SPDX-License-Identifier: Apache-2.0

package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

func (p *plugin) restart() *cobra.Command {
	var force bool
	var limit waiting
	command := &cobra.Command{
		Use:   "restart NAME",
		Short: "Restart the pods: those of the user service, then those of the task service",
		Long: "Restart the pods: those of the user service, then those of the task service, each as a rolling update. It is refused\n" +
			"while the resource is paused, which would put it off, and while a change of it is taken back, which would try that change\n" +
			"again; --force does it all the same.",
		Args:              oneName,
		ValidArgsFunction: p.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			client, namespace, err := p.connect()
			if err != nil {
				return err
			}
			at := p.now().UTC().Format(time.RFC3339)
			found, err := client.Change(command.Context(), namespace, args[0], func(found *platform.Platform) (map[string]any, error) {
				if err := mayRestart(found); err != nil && !force {
					return nil, err
				}
				return platform.Annotation(platform.AnnotationRestart, at), nil
			})
			if err != nil {
				return err
			}
			p.say("TaskPlatform %s is told to restart its pods (%s).", found.Name(), at)
			if !limit.wait {
				p.say("To see it happen: kubectl taskplatform status %s -n %s --watch", found.Name(), namespace)
				return nil
			}
			return p.untilRestarted(command.Context(), client, found, at, limit)
		},
	}
	command.Flags().BoolVar(&force, "force", false, "also while it is paused or a change of it is taken back")
	limit.addFlags(command, "wait until all pods are new and available", 15*time.Minute)
	return command
}

func mayRestart(found *platform.Platform) error {
	name := found.Name() + " -n " + found.Namespace()
	switch {
	case found.Paused():
		return problem.New(fmt.Sprintf("TaskPlatform %s is paused, so nothing would restart now", found.Name()),
			"Resume it: kubectl taskplatform resume "+name, "Or restart when somebody else does: --force")
	case found.IsRolledBack():
		return problem.New(
			fmt.Sprintf("TaskPlatform %s was taken back to what ran before, and a restart would try the change that failed again", found.Name()),
			"Why it failed: kubectl taskplatform status "+name, "To try it again: kubectl taskplatform retry "+name+", or --force")
	}
	return nil
}

func (p *plugin) untilRestarted(ctx context.Context, client *platform.Client, told *platform.Platform, at string, limit waiting) error {
	name, namespace := told.Name(), told.Namespace()
	err := p.until(ctx, limit, fmt.Sprintf("See: kubectl taskplatform status %s -n %s", name, namespace),
		func(ctx context.Context) (bool, string, error) {
			found, err := client.Get(ctx, namespace, name)
			if err != nil {
				return false, "", err
			}
			if now := found.Object.GetAnnotations()[platform.AnnotationRestart]; now != at {
				return false, "", problem.New(fmt.Sprintf("another restart of TaskPlatform %s was asked for meanwhile (%s)", name, now))
			}
			if found.IsRolledBack() && !told.IsRolledBack() {
				return false, "", problem.New(fmt.Sprintf("the restarted pods of TaskPlatform %s did not become healthy: %s", name, found.Progress()))
			}
			return client.Restarted(ctx, namespace, name, at)
		})
	if err == nil {
		p.say("All pods of TaskPlatform %s are new and available.", name)
	}
	return err
}
