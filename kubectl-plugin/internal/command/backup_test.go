// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"context"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"taskplatform.dev/kubectl-taskplatform/internal/kubeapi"
	"taskplatform.dev/kubectl-taskplatform/internal/platform"
)

const backupDefinition = "taskplatformbackups.taskplatform.dev"

// withBackups defines the kind again if a test has removed it.
func (s *stage) withBackups() {
	s.Helper()
	if _, err := server.Dynamic.Resource(kubeapi.Definitions).Get(s.Context(), backupDefinition, metav1.GetOptions{}); err == nil {
		return
	}
	found, err := kubeapi.DefinitionsIn(definitions)
	if err != nil {
		s.Fatal(err)
	}
	for _, definition := range found {
		if definition.GetName() == backupDefinition {
			if err := server.Define(s.Context(), definition); err != nil {
				s.Fatal(err)
			}
		}
	}
}

func (s *stage) withoutBackups() {
	s.Helper()
	err := server.Dynamic.Resource(kubeapi.Definitions).Delete(s.Context(), backupDefinition, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		s.Fatal(err)
	}
	s.eventually("backups are not known any longer", func() bool {
		_, err := server.Dynamic.Resource(platform.BackupResource).List(s.Context(), metav1.ListOptions{})
		return apierrors.IsNotFound(err)
	})
}

func TestWithoutTheKindThatIsSaid(t *testing.T) {
	s := newStage(t)
	s.withoutBackups()
	defer s.withBackups()
	s.create("team", "")

	for _, args := range [][]string{{"backup", "team"}, {"backups"}} {
		s.fails(s.run(args...), "has no backups: it does not know the kind taskplatformbackups.taskplatform.dev", "Bring the operator")
	}
	if r := s.ok(s.run("status", "team")); strings.Contains(r.out, "Not seen") {
		t.Errorf("got %s", r.out)
	}
}

func TestBackupIsMadeAndWaitedFor(t *testing.T) {
	s := newStage(t)
	s.withBackups()
	s.create("team", "")
	s.status("team", ready)
	s.ok(s.run("backup", "team", "--name", "by-hand"), "TaskPlatformBackup by-hand is made.", "kubectl taskplatform backups team")
	s.fails(s.run("backup", "team", "--name", "by-hand"), `"by-hand" already exists`)
	s.fails(s.run("backup", "tame"), "no TaskPlatform")
	var out, notes shared

	end := s.startInto(t.Context(), &out, &notes, "backup", "team", "--wait", "--name", "nightly")
	s.eventually("it waits for the operator", func() bool { return strings.Contains(notes.String(), "Pending") })
	s.setStatus(platform.BackupResource, "nightly", map[string]any{"phase": "Running", "message": "user-service"})
	s.eventually("it says how far it is", func() bool { return strings.Contains(notes.String(), "Running: user-service") })
	s.setStatus(platform.BackupResource, "nightly", map[string]any{
		"phase": "Completed", "message": nil, "startedAt": "2026-01-01T00:00:00Z", "completedAt": "2026-01-01T00:01:05Z",
		"path": "team/nightly", "services": []any{
			map[string]any{"name": "user-service", "rows": 10, "bytes": 1024},
			map[string]any{"name": "task-service", "rows": 32, "bytes": 2048},
		},
	})
	s.ok(end(), "nightly  team      Completed", "1m5s", "42", "3.0 KiB", "team/nightly")
	s.ok(s.run("status", "team", "-o", "yaml"), "lastBackup:")
}

func TestBackupThatFails(t *testing.T) {
	s := newStage(t)
	s.withBackups()
	s.create("team", "")
	s.ok(s.run("backup", "team"), "TaskPlatformBackup team-")
	var name string
	list, err := server.Dynamic.Resource(platform.BackupResource).Namespace(s.namespace).List(context.Background(), metav1.ListOptions{})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	name = list.Items[0].GetName()
	if of, _, _ := unstructured.NestedString(list.Items[0].Object, "spec", "taskPlatformName"); of != "team" {
		t.Errorf("it is of %q", of)
	}
	s.setStatus(platform.BackupResource, name, map[string]any{"phase": "Failed", "message": "no space left"})
	s.ok(s.run("status", "team"), name, "Failed", "no space left")
	s.ok(s.run("backups"), name, "Failed")
	s.ok(s.run("backups", "-A"), "NAMESPACE", s.namespace)
	s.ok(s.run("backups", "team", "-o", "json"), `"phase": "Failed"`)
	if r := s.ok(s.run("backups", "other")); !strings.Contains(r.notes, "There is no backup of TaskPlatform other") {
		t.Errorf("got %+v", r)
	}
	var out, notes shared
	end := s.startInto(t.Context(), &out, &notes, "backup", "team", "--wait", "--name", "second")
	s.eventually("it waits", func() bool { return strings.Contains(notes.String(), "Pending") })
	s.setStatus(platform.BackupResource, "second", map[string]any{"phase": "Failed", "message": "no space left"})
	s.fails(end(), "backup second failed: no space left", "kubectl describe taskplatformbackup second")
}
