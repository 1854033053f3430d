// SPDX-License-Identifier: Apache-2.0

// Package command has the commands of the plugin, a file for each.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

// Exit codes beside 0.
const (
	exitFailed  = 1
	exitWaiting = 2 // of `plan --exit-code`: something waits
	interrupted = 130
)

// exit ends the program with a code and no message.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// plugin is what the commands share.
type plugin struct {
	flags   *genericclioptions.ConfigFlags
	version string
	now     func() time.Time
	out     io.Writer
	notes   io.Writer // for what is not the answer: progress, warnings
}

// Main runs the command that the arguments name, until it ends or is interrupted, and returns the exit code.
func Main(args []string, version string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, args, version, time.Now, os.Stdout, os.Stderr)
}

// Run is Main with everything that it uses given.
func Run(ctx context.Context, args []string, version string, now func() time.Time, out, notes io.Writer) int {
	root := newRoot(&plugin{genericclioptions.NewConfigFlags(true), version, now, out, notes})
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(notes)
	err := root.ExecuteContext(ctx)
	var code exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case ctx.Err() != nil:
		problem.Write(notes, problem.New("interrupted"))
		return interrupted
	default:
		problem.Write(notes, err)
	}
	return exitFailed
}

func newRoot(p *plugin) *cobra.Command {
	root := &cobra.Command{
		Use:   "kubectl-taskplatform",
		Short: "Look at and operate TaskPlatform resources",
		Long: "Look at and operate TaskPlatform resources: what they are doing, what waits and why; approve, pause, restart,\n" +
			"back up, and gather what a report of a problem needs.",
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl taskplatform"},
		Args:          noSuchCommand,
		SilenceUsage:  true,
		SilenceErrors: true,

		SuggestionsMinimumDistance: 2,
		RunE:                       func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(command *cobra.Command, err error) error {
		return problem.From(err, err.Error(), "See: "+command.CommandPath()+" --help")
	})
	p.flags.AddFlags(root.PersistentFlags())
	complete(root, "namespace", p.completeNamespaces)
	complete(root, "context", p.completeContexts)
	root.AddCommand(
		p.status(), p.plan(), p.approve(), p.pause(), p.resume(), p.restart(), p.retry(),
		p.backup(), p.backups(), p.logs(), p.report(), p.versions(),
	)
	return root
}

// where is the namespace of the flags or the context.
func (p *plugin) where() (string, error) {
	namespace, _, err := p.flags.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return "", problem.Kubeconfig(err)
	}
	return namespace, nil
}

// connect gives access to the cluster, and the namespace to work in.
func (p *plugin) connect() (*platform.Client, string, error) {
	namespace, err := p.where()
	if err != nil {
		return nil, "", err
	}
	client, err := platform.Connect(p.flags, p.notes)
	return client, namespace, err
}

func (p *plugin) say(format string, values ...any) { fmt.Fprintf(p.out, format+"\n", values...) }

func (p *plugin) note(format string, values ...any) { fmt.Fprintf(p.notes, format+"\n", values...) }

// noSuchCommand is for what is none of the commands.
func noSuchCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	next := "Which there are: " + root.CommandPath() + " --help"
	if similar := root.SuggestionsFor(args[0]); len(similar) > 0 {
		next = "Is this what you mean? " + root.CommandPath() + " " + strings.Join(similar, ", ")
	}
	return problem.New(fmt.Sprintf("there is no command %q", args[0]), next)
}

// oneName demands the name of a resource.
func oneName(command *cobra.Command, args []string) error {
	if len(args) != 1 {
		return problem.New(fmt.Sprintf("%s takes the name of one TaskPlatform, not %d", command.Name(), len(args)),
			"Usage: "+command.UseLine(), "Which there are: kubectl taskplatform status -A")
	}
	return nil
}

// nameOrNone takes the name of a resource, or none.
func nameOrNone(command *cobra.Command, args []string) error {
	if len(args) > 1 {
		return problem.New(fmt.Sprintf("%s takes the name of one TaskPlatform at most, not %d", command.Name(), len(args)),
			"Usage: "+command.UseLine())
	}
	return nil
}

// noName demands that there is no argument.
func noName(command *cobra.Command, args []string) error {
	if len(args) > 0 {
		return problem.New(fmt.Sprintf("%s takes no argument, but was given: %s", command.Name(), strings.Join(args, " ")),
			"Usage: "+command.UseLine())
	}
	return nil
}

// waiting is the limit of commands that wait.
type waiting struct {
	wait    bool
	timeout time.Duration
}

func (w *waiting) addFlags(command *cobra.Command, wait string, preset time.Duration) {
	if wait != "" {
		command.Flags().BoolVar(&w.wait, "wait", false, wait)
	}
	command.Flags().DurationVar(&w.timeout, "timeout", preset, "how long to wait at most; 0: without end")
}

// until polls, prints what is waited for whenever that changes, and says what it was when the time is over.
func (p *plugin) until(ctx context.Context, limit waiting, next string, look func(context.Context) (done bool, progress string, err error)) error {
	if limit.timeout < 0 {
		return problem.New(fmt.Sprintf("--timeout is %s: it can't be negative", limit.timeout))
	}
	limited := ctx
	if limit.timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, limit.timeout)
		defer cancel()
	}
	seen := ""
	err := platform.Poll(limited, func() (bool, error) {
		done, progress, err := look(limited)
		if limited.Err() == nil && err != nil && problem.IsPassing(err) {
			progress = err.Error()
		}
		if progress != "" && progress != seen && !done {
			p.note("%s  %s", p.now().Format(time.TimeOnly), progress)
			seen = progress
		}
		return done, err
	})
	if limited.Err() != nil && ctx.Err() == nil {
		return problem.From(err, fmt.Sprintf("after %s it is still not done: %s", limit.timeout, seen), next)
	}
	return err
}
