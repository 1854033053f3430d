// SPDX-License-Identifier: Apache-2.0

package command

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

var formats = []string{"json", "yaml"}

// output is the flag -o.
type output string

func (o *output) addFlag(command *cobra.Command) {
	command.Flags().StringVarP((*string)(o), "output", "o", "", "json or yaml; without it, text for people")
	complete(command, "output", cobra.FixedCompletions(toCompletions(formats), cobra.ShellCompDirectiveNoFileComp))
}

func (o output) check() error {
	if o == "" || slices.Contains(formats, string(o)) {
		return nil
	}
	return problem.New(fmt.Sprintf("-o %s is no format", o), "There are: "+strings.Join(formats, ", "))
}

// print writes a value as the flag says.
func (p *plugin) print(value any, format output) error {
	if format == "yaml" {
		text, err := yaml.Marshal(value)
		if err != nil {
			return err
		}
		_, err = p.out.Write(text)
		return err
	}
	encoder := json.NewEncoder(p.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
