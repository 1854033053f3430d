// SPDX-License-Identifier: Apache-2.0

package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
	"taskplatform.dev/kubectl-taskplatform/internal/view"
)

func (p *plugin) approve() *cobra.Command {
	var shown string
	command := &cobra.Command{
		Use:   "approve NAME",
		Short: "Let a new version of the operator make the changes that wait",
		Long: "Let a new version of the operator make the changes that wait. With --plan-revision only the plan of that name, which\n" +
			"`plan` prints; without it the one of this moment. It never approves a plan that came after the one it printed.",
		Args:              oneName,
		ValidArgsFunction: p.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			client, namespace, err := p.connect()
			if err != nil {
				return err
			}
			revision, done := shown, false
			found, err := client.Change(command.Context(), namespace, args[0], func(found *platform.Platform) (map[string]any, error) {
				now := found.Status.PlanRevision
				done = now != "" && found.Object.GetAnnotations()[platform.AnnotationApproved] == now
				if now == "" {
					return nil, nothingToApprove(found, shown)
				}
				if revision == "" {
					revision = now
				}
				if now != revision {
					return nil, problem.New(
						fmt.Sprintf("plan %s of TaskPlatform %s is not there any longer: now it is %s", revision, found.Name(), now),
						fmt.Sprintf("See what it would do: kubectl taskplatform plan %s -n %s", found.Name(), found.Namespace()))
				}
				if done {
					return nil, nil
				}
				return platform.Annotation(platform.AnnotationApproved, now), nil
			})
			if err != nil {
				return err
			}
			if done {
				p.say("Plan %s of TaskPlatform %s is approved already.", revision, found.Name())
				return nil
			}
			if err := view.Plan(p.out, found.Status.Plan); err != nil {
				return err
			}
			p.say("\nPlan %s of TaskPlatform %s is approved.", revision, found.Name())
			if found.Paused() {
				p.say("It is paused, so this happens when it is resumed: kubectl taskplatform resume %s -n %s", found.Name(), namespace)
			} else {
				p.say("To see it happen: kubectl taskplatform status %s -n %s --watch", found.Name(), namespace)
			}
			return nil
		},
	}
	command.Flags().StringVar(&shown, "plan-revision", "", "approve only this plan, as `plan` printed it")
	return command
}

// nothingToApprove is an error when a certain plan was asked for, or when what waits is not for an approval.
func nothingToApprove(found *platform.Platform, shown string) error {
	name := found.Name() + " -n " + found.Namespace()
	approved := found.Object.GetAnnotations()[platform.AnnotationApproved]
	switch {
	case found.Paused() && len(found.Status.Plan) > 0:
		return problem.New(fmt.Sprintf("what waits in TaskPlatform %s waits because it is paused, not for an approval", found.Name()),
			"To let it happen: kubectl taskplatform resume "+name)
	case shown != "" && shown == approved:
		return problem.New(fmt.Sprintf("plan %s of TaskPlatform %s waits no longer: it was approved before", shown, found.Name()),
			"How far it is: kubectl taskplatform status "+name)
	default:
		return problem.New(fmt.Sprintf("nothing of TaskPlatform %s waits for an approval", found.Name()),
			"How it is: kubectl taskplatform status "+name)
	}
}
