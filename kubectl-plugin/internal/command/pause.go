// SPDX-License-Identifier: Apache-2.0

package command

import (
	"github.com/spf13/cobra"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
)

func (p *plugin) pause() *cobra.Command {
	return p.setPaused(&cobra.Command{
		Use:   "pause NAME",
		Short: "Have the operator change nothing but the status, and plan what it would change",
	}, true)
}

func (p *plugin) resume() *cobra.Command {
	return p.setPaused(&cobra.Command{
		Use:   "resume NAME",
		Short: "Have the operator go on after a pause",
	}, false)
}

func (p *plugin) setPaused(command *cobra.Command, paused bool) *cobra.Command {
	command.Args = oneName
	command.ValidArgsFunction = p.completeNames
	command.RunE = func(command *cobra.Command, args []string) error {
		client, namespace, err := p.connect()
		if err != nil {
			return err
		}
		already := false
		found, err := client.Change(command.Context(), namespace, args[0], func(found *platform.Platform) (map[string]any, error) {
			if already = found.Paused() == paused; already {
				return nil, nil
			}
			return platform.SetPaused(paused), nil
		})
		switch {
		case err != nil:
			return err
		case already && paused:
			p.say("TaskPlatform %s is paused already.", found.Name())
		case already:
			p.say("TaskPlatform %s is not paused.", found.Name())
		case paused:
			p.say("TaskPlatform %s is paused: what runs goes on, and changes wait.", found.Name())
			p.say("What would change: kubectl taskplatform plan %s -n %s", found.Name(), namespace)
		default:
			p.say("TaskPlatform %s goes on.", found.Name())
			if found.Status.PlanRevision != "" {
				p.say("Plan %s of a new version of the operator still waits for an approval: kubectl taskplatform plan %s -n %s",
					found.Status.PlanRevision, found.Name(), namespace)
			}
		}
		return nil
	}
	return command
}
