// SPDX-License-Identifier: Apache-2.0

package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/resource"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
	"taskplatform.dev/kubectl-taskplatform/internal/report"
	"taskplatform.dev/kubectl-taskplatform/internal/view"
)

func (p *plugin) report() *cobra.Command {
	var file, size string
	var lines int64
	command := &cobra.Command{
		Use:   "report NAME",
		Short: "Gather what a report of a problem needs into a tar.gz, without values of Secrets",
		Long: "Gather what a report of a problem needs into a tar.gz: the resource, its children, events, and logs of the services and\n" +
			"the operator, also from before their last restart. Of Secrets only names and keys are in it; their values, and what\n" +
			"looks like a password or a token anywhere else, are taken out. What you may not read is named in its errors.txt.\n" +
			"Names of people that the services logged stay in it: look through it before you hand it on.",
		Example:           "  kubectl taskplatform report team\n  kubectl taskplatform report team -f - | tar tz",
		Args:              oneName,
		ValidArgsFunction: p.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			most, err := resource.ParseQuantity(size)
			if err != nil || most.Sign() <= 0 {
				return problem.New(fmt.Sprintf("--max-size %s is no size", size), "Such as: 64Mi")
			}
			if lines < 0 {
				return problem.New(fmt.Sprintf("--log-lines is %d: it can't be negative", lines))
			}
			client, namespace, err := p.connect()
			if err != nil {
				return err
			}
			found, err := client.Get(command.Context(), namespace, args[0])
			if err != nil {
				return err
			}
			now := p.now()
			options := report.Options{
				Plugin: p.version, LogLines: lines, MaxSize: most.Value(), Now: now,
				Page: func(ctx context.Context) (string, error) {
					summary, err := summarize(ctx, client, namespace, args[0])
					if err != nil {
						return "", err
					}
					var page bytes.Buffer
					err = summary.Page(&page, now)
					return page.String(), err
				},
			}
			if file == "-" {
				return p.gather(command.Context(), client, found, options, p.out)
			}
			if file == "" {
				file = fmt.Sprintf("taskplatform-report-%s-%s-%s.tar.gz", namespace, found.Name(), now.UTC().Format("20060102T150405Z"))
			}
			return p.gatherInto(command.Context(), client, found, options, file)
		},
	}
	command.Flags().StringVarP(&file, "file", "f", "", "file to write, which must not exist; -: standard output (default: named after resource and time)")
	command.Flags().StringVar(&size, "max-size", "64Mi", "of all files together, before they are compressed")
	command.Flags().Int64Var(&lines, "log-lines", 5000, "of each container, the last ones")
	return command
}

func (p *plugin) gather(ctx context.Context, client *platform.Client, found *platform.Platform, options report.Options, out io.Writer) error {
	failed, err := report.Write(ctx, client, found, options, out)
	for _, line := range failed {
		p.note("not in the report: %s", view.Clean(line))
	}
	return err
}

// gatherInto leaves no half of a file behind.
func (p *plugin) gatherInto(ctx context.Context, client *platform.Client, found *platform.Platform, options report.Options, name string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, os.ErrExist):
		return problem.From(err, fmt.Sprintf("the file %s exists already", name), "Name another with -f, or remove it.")
	case err != nil:
		return problem.From(err, fmt.Sprintf("the file %s can't be written: %s", name, err), "Name another with -f.")
	}
	err = errors.Join(p.gather(ctx, client, found, options, file), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	absolute, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	p.say("%s", absolute)
	return nil
}
