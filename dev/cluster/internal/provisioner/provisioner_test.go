// SPDX-License-Identifier: Apache-2.0

package provisioner

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v11/controller"
)

func claimOf(t *testing.T, change func(*controller.ProvisionOptions)) controller.ProvisionOptions {
	t.Helper()
	reclaim := corev1.PersistentVolumeReclaimDelete
	options := controller.ProvisionOptions{
		StorageClass: &storagev1.StorageClass{ReclaimPolicy: &reclaim},
		PVName:       "pvc-1",
		PVC: &corev1.PersistentVolumeClaim{Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			Resources: corev1.VolumeResourceRequirements{
				Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")},
			},
		}},
		SelectedNode: &corev1.Node{ObjectMeta: metav1.ObjectMeta{
			Name: "node-object", Labels: map[string]string{corev1.LabelHostname: "node-label"},
		}},
	}
	change(&options)
	return options
}

func directories(t *testing.T) (*Directories, string) {
	t.Helper()
	root := t.TempDir()
	provisioner, err := NewDirectories(root)
	if err != nil {
		t.Fatal(err)
	}
	return provisioner, root
}

func TestProvisionMakesADirectoryOnTheChosenNode(t *testing.T) {
	provisioner, root := directories(t)
	options := claimOf(t, func(*controller.ProvisionOptions) {})

	volume, state, err := provisioner.Provision(context.Background(), options)
	if err != nil || state != controller.ProvisioningFinished {
		t.Fatalf("got state %s and error %v", state, err)
	}

	path := filepath.Join(root, "pvc-1")
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		t.Fatalf("no directory %s: %v", path, err)
	}
	if volume.Name != "pvc-1" || volume.Spec.Local == nil || volume.Spec.Local.Path != path {
		t.Errorf("volume %s is not the local directory %s: %+v", volume.Name, path, volume.Spec.PersistentVolumeSource)
	}
	if size := volume.Spec.Capacity[corev1.ResourceStorage]; size.String() != "1Gi" {
		t.Errorf("capacity is %s", size.String())
	}
	if volume.Spec.PersistentVolumeReclaimPolicy != corev1.PersistentVolumeReclaimDelete {
		t.Errorf("reclaim policy is %s", volume.Spec.PersistentVolumeReclaimPolicy)
	}
	node := volume.Spec.NodeAffinity.Required.NodeSelectorTerms[0].MatchExpressions[0]
	if node.Key != corev1.LabelHostname || len(node.Values) != 1 || node.Values[0] != "node-label" {
		t.Errorf("bound to %+v", node)
	}
}

func TestProvisionIsRepeatable(t *testing.T) {
	provisioner, root := directories(t)
	options := claimOf(t, func(*controller.ProvisionOptions) {})
	for range 2 {
		if _, _, err := provisioner.Provision(context.Background(), options); err != nil {
			t.Fatal(err)
		}
		// A second attempt after an error must not lose what is there.
		if err := os.WriteFile(filepath.Join(root, "pvc-1", "data"), []byte("kept"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if content, err := os.ReadFile(filepath.Join(root, "pvc-1", "data")); err != nil || string(content) != "kept" {
		t.Errorf("got %q, %v", content, err)
	}
}

func TestProvisionRefusesWhatADirectoryCanNotBe(t *testing.T) {
	block := corev1.PersistentVolumeBlock
	cases := map[string]struct {
		change  func(*controller.ProvisionOptions)
		message string
	}{
		"no node": {func(o *controller.ProvisionOptions) { o.SelectedNode = nil }, "WaitForFirstConsumer"},
		"selector": {func(o *controller.ProvisionOptions) { o.PVC.Spec.Selector = &metav1.LabelSelector{} },
			"spec.selector"},
		"clone": {func(o *controller.ProvisionOptions) {
			o.PVC.Spec.DataSource = &corev1.TypedLocalObjectReference{Kind: "PersistentVolumeClaim", Name: "other"}
		}, "spec.dataSource"},
		"block device":        {func(o *controller.ProvisionOptions) { o.PVC.Spec.VolumeMode = &block }, "Filesystem"},
		"name that leads out": {func(o *controller.ProvisionOptions) { o.PVName = "../other" }, "../other"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			provisioner, root := directories(t)
			_, _, err := provisioner.Provision(context.Background(), claimOf(t, test.change))
			if err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("got error %v, want one that names %q", err, test.message)
			}
			if entries, err := os.ReadDir(root); err != nil || len(entries) > 0 {
				t.Errorf("left %v, %v", entries, err)
			}
		})
	}
}

func TestDeleteRemovesTheDirectoryAndItsContent(t *testing.T) {
	provisioner, root := directories(t)
	volume, _, err := provisioner.Provision(context.Background(), claimOf(t, func(*controller.ProvisionOptions) {}))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "pvc-1", "deep", "er"), 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it is gone already
		if err := provisioner.Delete(context.Background(), volume); err != nil {
			t.Fatal(err)
		}
	}
	if entries, err := os.ReadDir(root); err != nil || len(entries) > 0 {
		t.Errorf("left %v, %v", entries, err)
	}
}

func TestDeleteTouchesOnlyItsOwnVolumes(t *testing.T) {
	provisioner, _ := directories(t)
	other := t.TempDir()
	for name, volume := range map[string]*corev1.PersistentVolume{
		"another directory": {
			ObjectMeta: metav1.ObjectMeta{Name: "pvc-1"},
			Spec: corev1.PersistentVolumeSpec{
				PersistentVolumeSource: corev1.PersistentVolumeSource{Local: &corev1.LocalVolumeSource{Path: other}},
			},
		},
		"another kind":        {ObjectMeta: metav1.ObjectMeta{Name: "pvc-1"}},
		"name that leads out": {ObjectMeta: metav1.ObjectMeta{Name: ".."}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := provisioner.Delete(context.Background(), volume); err == nil {
				t.Error("no error")
			}
			if _, err := os.Stat(other); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTheRootMustBeADirectoryWithAnAbsolutePath(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{"", "relative", file, file + "-absent"} {
		if _, err := NewDirectories(root); err == nil {
			t.Errorf("%q was taken", root)
		}
	}
}
