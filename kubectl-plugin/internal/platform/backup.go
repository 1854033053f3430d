// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"context"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

// CreateBackup asks for a backup of a resource. The name is made up when none is given.
func (c *Client) CreateBackup(ctx context.Context, owner *Platform, name string) (*Backup, error) {
	object := &unstructured.Unstructured{Object: map[string]any{
		"spec": map[string]any{"taskPlatformName": owner.Name()},
	}}
	object.SetGroupVersionKind(BackupResource.GroupVersion().WithKind("TaskPlatformBackup"))
	object.SetNamespace(owner.Namespace())
	object.SetName(name)
	if name == "" {
		object.SetGenerateName(owner.Name() + "-")
	}
	created, err := c.Dynamic.Resource(BackupResource).Namespace(owner.Namespace()).
		Create(ctx, object, metav1.CreateOptions{FieldManager: fieldManager})
	if err != nil {
		return nil, c.explainBackup(err, "create", owner.Namespace(), name)
	}
	return newBackup(created)
}

// GetBackup reads one backup.
func (c *Client) GetBackup(ctx context.Context, namespace, name string) (*Backup, error) {
	object, err := c.Dynamic.Resource(BackupResource).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, c.explainBackup(err, "get", namespace, name)
	}
	return newBackup(object)
}

// Backups lists the backups of a resource, or of all when name is empty, the newest first. A namespace that is empty means all.
func (c *Client) Backups(ctx context.Context, namespace, name string) ([]*Backup, error) {
	var found []*Backup
	var failed error
	err := c.Pages(ctx, BackupResource, namespace, "", func(object *unstructured.Unstructured) bool {
		var backup *Backup
		if backup, failed = newBackup(object); failed != nil {
			return false
		}
		if name == "" || backup.Platform == name {
			found = append(found, backup)
		}
		return true
	})
	if err != nil {
		return nil, c.explainBackup(err, "list", namespace, "")
	}
	slices.SortStableFunc(found, func(a, b *Backup) int {
		return b.Object.GetCreationTimestamp().Compare(a.Object.GetCreationTimestamp().Time)
	})
	return found, failed
}

func (c *Client) explainBackup(err error, verb, namespace, name string) error {
	if problem.IsMissingKind(err) {
		return problem.From(err,
			fmt.Sprintf("the cluster of %s has no backups: it does not know the kind %s", c.Host, BackupResource.GroupResource()),
			"Bring the operator, with its definitions of resources, to the version of this plugin: see the README of TaskPlatform.",
			"What runs there: kubectl taskplatform version")
	}
	return c.Explain(err, problem.Request{Verb: verb, Resource: BackupResource.GroupResource().String(), Namespace: namespace, Name: name})
}
