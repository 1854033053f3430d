// SPDX-License-Identifier: Apache-2.0

package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
	"taskplatform.dev/kubectl-taskplatform/internal/view"
)

// retryGrace is how long a change may look taken back before that is believed: the operator forgets within a second or so what
// `retry` told it to.
const retryGrace = 10 * time.Second

func (p *plugin) status() *cobra.Command {
	var format output
	var all, watch bool
	var limit waiting
	command := &cobra.Command{
		Use:   "status [NAME]",
		Short: "Say on one page how a TaskPlatform is, or list them",
		Example: "  kubectl taskplatform status -A\n" +
			"  kubectl taskplatform status team -n team --watch --timeout 5m\n" +
			"  kubectl taskplatform status team -o json",
		Args:              nameOrNone,
		ValidArgsFunction: p.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			switch {
			case watch && (len(args) == 0 || format != ""):
				return problem.New("--watch goes with the name of one TaskPlatform and without -o",
					"For programs: kubectl taskplatform status NAME --watch && kubectl taskplatform status NAME -o json")
			case all && len(args) > 0:
				return problem.New("-A lists all namespaces, so it takes no name", "Name the namespace: -n NAMESPACE")
			}
			if err := format.check(); err != nil {
				return err
			}
			client, namespace, err := p.connect()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				if all {
					namespace = ""
				}
				return p.list(command.Context(), client, namespace, format)
			}
			if watch {
				if err := p.untilReady(command.Context(), client, namespace, args[0], limit); err != nil {
					return err
				}
			}
			return p.one(command.Context(), client, namespace, args[0], format)
		},
	}
	format.addFlag(command)
	command.Flags().BoolVarP(&all, "all-namespaces", "A", false, "list those of all namespaces")
	command.Flags().BoolVarP(&watch, "watch", "w", false, "wait until it is ready, and say what it waits for")
	limit.addFlags(command, "", 15*time.Minute)
	return command
}

func (p *plugin) list(ctx context.Context, client *platform.Client, namespace string, format output) error {
	summaries := []*view.Summary{}
	err := client.List(ctx, namespace, func(found *platform.Platform) error {
		summaries = append(summaries, view.NewSummary(found))
		return nil
	})
	switch {
	case err != nil:
		return err
	case format != "":
		return p.print(map[string]any{"items": summaries}, format)
	case len(summaries) == 0 && namespace == "":
		p.note("There is no TaskPlatform in this cluster.")
		return nil
	case len(summaries) == 0:
		p.note("There is no TaskPlatform in namespace %s; -A looks in all.", namespace)
		return nil
	}
	overview := view.NewOverview(p.out, namespace == "")
	for _, summary := range summaries {
		overview.Add(summary, p.now())
	}
	return overview.Flush()
}

func (p *plugin) one(ctx context.Context, client *platform.Client, namespace, name string, format output) error {
	summary, err := summarize(ctx, client, namespace, name)
	if err != nil {
		return err
	}
	if format != "" {
		return p.print(summary, format)
	}
	return summary.Page(p.out, p.now())
}

// summarize reads the resource, its pods and its last backup. What the caller may not see of the latter two is noted.
func summarize(ctx context.Context, client *platform.Client, namespace, name string) (*view.Summary, error) {
	found, err := client.Get(ctx, namespace, name)
	if err != nil {
		return nil, err
	}
	summary := view.NewSummary(found)
	if pods, err := client.Pods(ctx, namespace, name, platform.Services...); err != nil {
		summary.Notes = append(summary.Notes, "pods: "+err.Error())
	} else {
		summary.AddPods(pods)
	}
	switch backups, err := client.Backups(ctx, namespace, name); {
	case problem.IsMissingKind(err): // an operator from before there were backups
	case err != nil:
		summary.Notes = append(summary.Notes, "backups: "+err.Error())
	case len(backups) > 0:
		last := view.NewBackup(backups[0])
		summary.LastBackup = &last
	}
	return summary, nil
}

// untilReady waits, unless only a person can bring it about.
func (p *plugin) untilReady(ctx context.Context, client *platform.Client, namespace, name string, limit waiting) error {
	started := p.now()
	return p.until(ctx, limit, fmt.Sprintf("See: kubectl taskplatform status %s -n %s", name, namespace),
		func(ctx context.Context) (bool, string, error) {
			found, err := client.Get(ctx, namespace, name)
			if err != nil || found.IsReady() {
				return err == nil, "", err
			}
			ready := found.Condition("Ready")
			switch {
			case found.IsHeld():
				return false, "", problem.New(fmt.Sprintf("TaskPlatform %s will not become ready: %s", name, found.Progress()),
					"What they are: kubectl taskplatform plan "+name+" -n "+namespace, "To let them happen: kubectl taskplatform resume "+name+" -n "+namespace)
			case found.IsCurrent() && found.IsRolledBack() && p.now().Sub(started) > retryGrace:
				return false, "", problem.New(fmt.Sprintf("TaskPlatform %s is not ready: %s", name, found.Progress()),
					"Mend the resource, or try the same again: kubectl taskplatform retry "+name+" -n "+namespace)
			case found.IsCurrent() && ready != nil && ready.Reason == "Stopped":
				return false, "", problem.New(fmt.Sprintf("TaskPlatform %s will not become ready: %s", name, ready.Message),
					"To start it: kubectl scale taskplatform "+name+" -n "+namespace+" --replicas=1")
			}
			return false, found.Progress(), nil
		})
}
