// SPDX-License-Identifier: Apache-2.0

package command

import (
	"github.com/spf13/cobra"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/view"
)

// Versions is what `version -o` prints.
type Versions struct {
	Plugin     string              `json:"plugin"`
	Kubernetes string              `json:"kubernetes,omitempty"`
	Operators  []platform.Operator `json:"operators"`
}

func (p *plugin) versions() *cobra.Command {
	var format output
	var clientOnly bool
	command := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the plugin, of the operator and of Kubernetes",
		Args:  noName,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := format.check(); err != nil {
				return err
			}
			versions := Versions{Plugin: p.version, Operators: []platform.Operator{}}
			if !clientOnly {
				if err := p.askCluster(command, &versions); err != nil {
					return err
				}
			}
			if format != "" {
				return p.print(versions, format)
			}
			p.say("Plugin:      %s", versions.Plugin)
			if clientOnly {
				return nil
			}
			p.say("Kubernetes:  %s", versions.Kubernetes)
			for _, operator := range versions.Operators {
				p.say("Operator:    %s, %d of %d pods ready, Deployment %s in namespace %s",
					view.Clean(operator.Version), operator.Ready, operator.Desired, operator.Name, operator.Namespace)
			}
			if len(versions.Operators) == 0 {
				p.say("Operator:    none is seen")
			}
			return nil
		},
	}
	format.addFlag(command)
	command.Flags().BoolVar(&clientOnly, "client", false, "only the plugin's own")
	return command
}

// askCluster fails when there is none; that the operator may not be looked at is only noted.
func (p *plugin) askCluster(command *cobra.Command, versions *Versions) error {
	client, _, err := p.connect()
	if err != nil {
		return err
	}
	if versions.Kubernetes, err = client.ServerVersion(); err != nil {
		return err
	}
	operators, err := client.Operators(command.Context(), "")
	if err != nil {
		p.note("The operator was not looked at: %s", err)
	}
	versions.Operators = append(versions.Operators, operators...)
	return nil
}
