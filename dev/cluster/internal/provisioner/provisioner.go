// SPDX-License-Identifier: Apache-2.0

// Package provisioner makes a directory on the node for each PersistentVolumeClaim of its StorageClass, and removes it
// with the claim. It is for a throw-away cluster of one node: a claim's size is not enforced.
package provisioner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v11/controller"
)

// Name is the `provisioner` of the StorageClass that this program serves.
const Name = "taskplatform.dev/local"

// Directories provisions volumes as directories under one root.
type Directories struct {
	root string
}

var _ controller.Provisioner = (*Directories)(nil)

// NewDirectories takes the absolute path of an existing directory that only this program writes to.
func NewDirectories(root string) (*Directories, error) {
	if !filepath.IsAbs(root) {
		return nil, fmt.Errorf("the volumes' directory must be an absolute path, not %q", root)
	}
	info, err := os.Stat(root)
	if err != nil {
		return nil, fmt.Errorf("the volumes' directory: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("the volumes' directory: %s is not a directory", root)
	}
	return &Directories{root: filepath.Clean(root)}, nil
}

// Provision makes the directory <root>/<name of the volume> and describes it as a `local` volume of the node the scheduler
// chose. It is `local`, not `hostPath`, since the kubelet applies a pod's fsGroup to `local` volumes only.
func (d *Directories) Provision(_ context.Context, options controller.ProvisionOptions) (*corev1.PersistentVolume, controller.ProvisioningState, error) {
	claim := options.PVC
	if options.SelectedNode == nil {
		return nil, controller.ProvisioningFinished, errors.New("no node was chosen: the StorageClass must have volumeBindingMode WaitForFirstConsumer")
	}
	if claim.Spec.Selector != nil {
		return nil, controller.ProvisioningFinished, errors.New("a claim with a selector can't be provisioned: remove spec.selector")
	}
	if claim.Spec.DataSource != nil || claim.Spec.DataSourceRef != nil {
		return nil, controller.ProvisioningFinished, errors.New("cloning and snapshots are not supported: remove spec.dataSource and spec.dataSourceRef")
	}
	if mode := claim.Spec.VolumeMode; mode != nil && *mode != corev1.PersistentVolumeFilesystem {
		return nil, controller.ProvisioningFinished, fmt.Errorf("volumeMode %s is not supported: use Filesystem", *mode)
	}
	path, err := d.path(options.PVName)
	if err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	// An earlier attempt may have made it: the caller tries again after an error that came later than this.
	if err := os.Mkdir(path, 0o770); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, controller.ProvisioningFinished, err
	}
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: options.PVName},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			MountOptions:                  options.StorageClass.MountOptions,
			NodeAffinity:                  onNode(options.SelectedNode),
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			PersistentVolumeSource:        corev1.PersistentVolumeSource{Local: &corev1.LocalVolumeSource{Path: path}},
			VolumeMode:                    claim.Spec.VolumeMode,
		},
	}, controller.ProvisioningFinished, nil
}

// Delete removes the volume's directory with all it holds. A directory that is gone already is no error.
func (d *Directories) Delete(_ context.Context, volume *corev1.PersistentVolume) error {
	path, err := d.path(volume.Name)
	if err != nil {
		return err
	}
	if volume.Spec.Local == nil || volume.Spec.Local.Path != path {
		return fmt.Errorf("volume %s is not the directory %s: nothing was removed", volume.Name, path)
	}
	return os.RemoveAll(path)
}

// path refuses a name that could lead out of the root: what it returns may be removed with all its content.
func (d *Directories) path(name string) (string, error) {
	if name == "" || name == "." || name == ".." || filepath.Base(name) != name {
		return "", fmt.Errorf("%q can't be the name of a volume", name)
	}
	return filepath.Join(d.root, name), nil
}

func onNode(node *corev1.Node) *corev1.VolumeNodeAffinity {
	return &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
		MatchExpressions: []corev1.NodeSelectorRequirement{{
			Key:      corev1.LabelHostname,
			Operator: corev1.NodeSelectorOpIn,
			Values:   []string{node.Labels[corev1.LabelHostname]},
		}},
	}}}}
}
