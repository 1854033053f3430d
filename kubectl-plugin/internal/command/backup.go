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

func (p *plugin) backup() *cobra.Command {
	var name string
	var limit waiting
	command := &cobra.Command{
		Use:               "backup NAME",
		Short:             "Make a backup of the data",
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
			created, err := client.CreateBackup(command.Context(), found, name)
			if err != nil {
				return err
			}
			p.say("TaskPlatformBackup %s is made.", created.Name())
			if !limit.wait {
				p.say("How it is: kubectl taskplatform backups %s -n %s", found.Name(), namespace)
				return nil
			}
			return p.untilBackedUp(command.Context(), client, created, limit)
		},
	}
	command.Flags().StringVar(&name, "name", "", "name of the TaskPlatformBackup; one is made up without it")
	limit.addFlags(command, "wait until it is completed", time.Hour)
	return command
}

func (p *plugin) untilBackedUp(ctx context.Context, client *platform.Client, created *platform.Backup, limit waiting) error {
	name, namespace := created.Name(), created.Object.GetNamespace()
	var last *platform.Backup
	err := p.until(ctx, limit, fmt.Sprintf("See: kubectl taskplatform backups %s -n %s", created.Platform, namespace),
		func(ctx context.Context) (bool, string, error) {
			found, err := client.GetBackup(ctx, namespace, name)
			if err != nil {
				return false, "", err
			}
			last = found
			switch found.Phase() {
			case platform.BackupCompleted:
				return true, "", nil
			case platform.BackupFailed:
				return false, "", problem.New(fmt.Sprintf("backup %s failed: %s", name, view.Clean(found.Status.Message)),
					fmt.Sprintf("More: kubectl describe taskplatformbackup %s -n %s", name, namespace))
			}
			progress := found.Phase()
			if found.Status.Message != "" {
				progress += ": " + view.Clean(found.Status.Message)
			}
			return false, progress, nil
		})
	if err != nil {
		return err
	}
	return view.Backups(p.out, []view.Backup{view.NewBackup(last)}, false, p.now())
}

func (p *plugin) backups() *cobra.Command {
	var format output
	var all bool
	command := &cobra.Command{
		Use:               "backups [NAME]",
		Short:             "List the backups, the newest first",
		Args:              nameOrNone,
		ValidArgsFunction: p.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			if err := format.check(); err != nil {
				return err
			}
			client, namespace, err := p.connect()
			if err != nil {
				return err
			}
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			if all {
				namespace = ""
			}
			found, err := client.Backups(command.Context(), namespace, name)
			if err != nil {
				return err
			}
			backups := []view.Backup{}
			for _, backup := range found {
				backups = append(backups, view.NewBackup(backup))
			}
			switch {
			case format != "":
				return p.print(map[string]any{"items": backups}, format)
			case len(backups) == 0:
				p.note("There is no backup%s.", of(name, namespace))
				return nil
			}
			return view.Backups(p.out, backups, all, p.now())
		},
	}
	format.addFlag(command)
	command.Flags().BoolVarP(&all, "all-namespaces", "A", false, "list those of all namespaces")
	return command
}

func of(name, namespace string) string {
	text := ""
	if name != "" {
		text += " of TaskPlatform " + name
	}
	if namespace != "" {
		text += " in namespace " + namespace
	}
	return text
}
