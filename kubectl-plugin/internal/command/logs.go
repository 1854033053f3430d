// SPDX-License-Identifier: Apache-2.0

package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"taskplatform.dev/kubectl-taskplatform/internal/logs"
	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

func (p *plugin) logs() *cobra.Command {
	var service string
	options := logs.Options{}
	command := &cobra.Command{
		Use:   "logs NAME",
		Short: "Print the logs of the pods of both services, each line with its pod before it",
		Example: "  kubectl taskplatform logs team -f --tail 0\n" +
			"  kubectl taskplatform logs team --service user --since 10m",
		Args:              oneName,
		ValidArgsFunction: p.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			services, err := servicesOf(service)
			if err != nil {
				return err
			}
			switch {
			case options.Since < 0:
				return problem.New(fmt.Sprintf("--since is %s: it can't be negative", options.Since))
			case options.Most < 1:
				return problem.New(fmt.Sprintf("--max-log-requests is %d: it must be 1 at least", options.Most))
			case options.Follow && options.Previous:
				return problem.New("--previous is of containers that have ended, which can't be followed", "Leave out -f")
			}
			if options.Since > 0 && !command.Flags().Changed("tail") {
				options.Tail = -1
			}
			client, namespace, err := p.connect()
			if err != nil {
				return err
			}
			found, err := client.Get(command.Context(), namespace, args[0])
			if err != nil {
				return err
			}
			options.Selector = platform.PodSelector(found.Name(), services...)
			count, err := logs.NewReader(client, namespace, options, p.out, p.notes).Print(command.Context())
			if err == nil && count == 0 && !options.Follow {
				return problem.New(fmt.Sprintf("no pod of TaskPlatform %s is there", found.Name()),
					fmt.Sprintf("Why: kubectl taskplatform status %s -n %s", found.Name(), namespace))
			}
			return err
		},
	}
	flags := command.Flags()
	flags.StringVar(&service, "service", "", "user or task; without it, both")
	flags.BoolVarP(&options.Follow, "follow", "f", false, "go on with what comes, also of pods that are new, until interrupted")
	flags.BoolVar(&options.Previous, "previous", false, "of the containers before their last restart")
	flags.BoolVar(&options.Timestamps, "timestamps", false, "print the time before each line")
	flags.DurationVar(&options.Since, "since", 0, "only what is newer than this, such as 10m")
	flags.Int64Var(&options.Tail, "tail", 200, "lines of each pod; -1: all, which --since presets")
	flags.IntVar(&options.Most, "max-log-requests", 50, "containers that are read at once")
	complete(command, "service", cobra.FixedCompletions([]cobra.Completion{"user", "task"}, cobra.ShellCompDirectiveNoFileComp))
	return command
}

// servicesOf takes user, task, their full names, or nothing for both.
func servicesOf(name string) ([]string, error) {
	if name == "" {
		return platform.Services, nil
	}
	for _, service := range platform.Services {
		if name == service || name+"-service" == service {
			return []string{service}, nil
		}
	}
	return nil, problem.New(fmt.Sprintf("--service %s is no service", name), "There are: user, task")
}
