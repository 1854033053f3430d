// SPDX-License-Identifier: Apache-2.0

package command

import (
	"github.com/spf13/cobra"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/view"
)

// Plan is what `plan -o` prints.
type Plan struct {
	Name         string                   `json:"name"`
	Namespace    string                   `json:"namespace"`
	Paused       bool                     `json:"paused"`
	PlanRevision string                   `json:"planRevision,omitempty"`
	Changes      []platform.PlannedChange `json:"changes"`
}

func (p *plugin) plan() *cobra.Command {
	var format output
	var exitCode bool
	command := &cobra.Command{
		Use:   "plan NAME",
		Short: "Say what would change, which pods restart, and why",
		Long: "Say what would change, which pods restart, and why: everything while the resource is paused, and the pods while a new\n" +
			"version of the operator waits for approval.",
		Args:              oneName,
		ValidArgsFunction: p.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			if err := format.check(); err != nil {
				return err
			}
			client, namespace, err := p.connect()
			if err != nil {
				return err
			}
			found, err := client.Get(command.Context(), namespace, args[0])
			if err != nil {
				return err
			}
			if err := p.printPlan(found, format); err != nil {
				return err
			}
			if exitCode && waits(found) {
				return exit(exitWaiting)
			}
			return nil
		},
	}
	format.addFlag(command)
	command.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 2 when something waits")
	return command
}

func waits(found *platform.Platform) bool {
	return len(found.Status.Plan) > 0 || found.Status.PlanRevision != ""
}

func (p *plugin) printPlan(found *platform.Platform, format output) error {
	status, name, namespace := found.Status, found.Name(), found.Namespace()
	if format != "" {
		changes := append([]platform.PlannedChange{}, status.Plan...)
		return p.print(Plan{name, namespace, found.Paused(), status.PlanRevision, changes}, format)
	}
	if !waits(found) {
		p.say("Nothing waits in TaskPlatform %s.", name)
		return nil
	}
	if err := view.Plan(p.out, status.Plan); err != nil {
		return err
	}
	if status.PlanRevision != "" {
		p.say("\nThis is plan %s of a new version of the operator. To approve it:", status.PlanRevision)
		p.say("  kubectl taskplatform approve %s -n %s --plan-revision %s", name, namespace, status.PlanRevision)
	}
	if found.Paused() {
		p.say("\nIt is paused. To have the operator go on:")
		p.say("  kubectl taskplatform resume %s -n %s", name, namespace)
	}
	return nil
}
