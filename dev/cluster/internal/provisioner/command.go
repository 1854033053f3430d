// SPDX-License-Identifier: Apache-2.0

package provisioner

import (
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v11/controller"
)

// NewCommand is the program `provisioner`: it runs until it is told to end by SIGTERM or SIGINT.
func NewCommand() *cobra.Command {
	var kubeconfig, directory, metricsAddress string
	var metricsPort int32
	command := &cobra.Command{
		Use:          "provisioner",
		Short:        "Makes a directory on the node for each PersistentVolumeClaim of the local StorageClass",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			directories, err := NewDirectories(directory)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			controller.NewProvisionController(ctx, client, Name, directories,
				controller.LeaderElection(false), // one node, one provisioner
				controller.MetricsAddress(metricsAddress),
				controller.MetricsPort(metricsPort),
			).Run(ctx)
			return nil
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "path of the kubeconfig")
	command.Flags().StringVar(&directory, "directory", "", "absolute path of the directory that holds the volumes")
	command.Flags().StringVar(&metricsAddress, "metrics-address", "127.0.0.1", "address that serves /metrics")
	command.Flags().Int32Var(&metricsPort, "metrics-port", 8090, "port that serves /metrics")
	cobra.CheckErr(command.MarkFlagRequired("kubeconfig"))
	cobra.CheckErr(command.MarkFlagRequired("directory"))
	return command
}
