// SPDX-License-Identifier: Apache-2.0

package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
	"taskplatform.dev/kubectl-taskplatform/internal/view"
)

func (p *plugin) retry() *cobra.Command {
	var all bool
	command := &cobra.Command{
		Use:   "retry NAME",
		Short: "Try a change again that was taken back because it did not become healthy",
		Long: "Try a change again that was taken back because it did not become healthy: the operator remembers it in a\n" +
			"ControllerRevision, which is deleted. It is for a cause outside the resource that is gone, such as an image that was\n" +
			"missing; a change of the resource is tried by itself.",
		Args:              oneName,
		ValidArgsFunction: p.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			client, namespace, err := p.connect()
			if err != nil {
				return err
			}
			found, err := client.Get(command.Context(), namespace, args[0])
			if err != nil {
				return err
			}
			failed, err := client.FailedRevisions(command.Context(), found)
			if err != nil {
				return err
			}
			forgotten := toForget(found, failed, all)
			if len(forgotten) == 0 {
				return problem.New(fmt.Sprintf("no change of TaskPlatform %s is taken back", found.Name()),
					fmt.Sprintf("How it is: kubectl taskplatform status %s -n %s", found.Name(), namespace))
			}
			for _, revision := range forgotten {
				if err := client.Forget(command.Context(), namespace, revision); err != nil {
					return err
				}
				p.say("Forgot %s (%s: %s).", revision.Name, revision.Reason, view.Clean(revision.Message))
			}
			if found.Paused() {
				p.say("It is paused, so the change is tried when it is resumed: kubectl taskplatform resume %s -n %s", found.Name(), namespace)
			} else {
				p.say("To see the change tried again: kubectl taskplatform status %s -n %s --watch", found.Name(), namespace)
			}
			return nil
		},
	}
	command.Flags().BoolVar(&all, "all", false, "forget everything that failed, also what the resource does not ask for now")
	return command
}

// toForget is the revision that the condition RolledBack names.
func toForget(found *platform.Platform, failed []platform.FailedRevision, all bool) []platform.FailedRevision {
	if all {
		return failed
	}
	for _, revision := range failed {
		if found.RolledBackFrom(revision.Name) {
			return []platform.FailedRevision{revision}
		}
	}
	return nil
}
