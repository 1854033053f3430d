// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
)

func TestPlanSaysWhatWaitsAndHowToApproveIt(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.status("team", ready)
	s.ok(s.run("plan", "team", "--exit-code"), "Nothing waits")

	s.status("team", upgrade)
	s.ok(s.run("plan", "team"), "Deployment  team-user-service  Update  yes            image: 0.1.0 to 0.2.0",
		"kubectl taskplatform approve team -n "+s.namespace+" --plan-revision 0a1b2c3d4e")
	if r := s.run("plan", "team", "--exit-code"); r.code != 2 || r.notes != "" {
		t.Errorf("got %+v", r)
	}
	s.ok(s.run("plan", "team", "-o", "json"), `"planRevision": "0a1b2c3d4e"`, `"restartsPods": true`)
	s.fails(s.run("plan"), "plan takes the name of one TaskPlatform, not 0", "Usage: kubectl taskplatform plan NAME")
}

func TestApproveApprovesThePlanThatWasShown(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.fails(s.run("approve", "team"), "nothing of TaskPlatform team waits for an approval")
	s.status("team", upgrade)

	s.fails(s.run("approve", "team", "--plan-revision", "ffffffffff"),
		"plan ffffffffff of TaskPlatform team is not there any longer: now it is 0a1b2c3d4e", "kubectl taskplatform plan team")
	if _, found := s.get("team").GetAnnotations()[platform.AnnotationApproved]; found {
		t.Error("it is approved all the same")
	}
	s.ok(s.run("approve", "team", "--plan-revision", "0a1b2c3d4e"), "team-user-service", "Plan 0a1b2c3d4e of TaskPlatform team is approved.")
	if value := s.get("team").GetAnnotations()[platform.AnnotationApproved]; value != "0a1b2c3d4e" {
		t.Errorf("got %q", value)
	}
	s.ok(s.run("approve", "team"), "approved already")
	s.status("team", strings.Replace(ready, "observedGeneration: 1", "observedGeneration: 1, planRevision: null, plan: null", 1))
	s.fails(s.run("approve", "team", "--plan-revision", "0a1b2c3d4e"), "it was approved before")
}

func TestApproveOfAPausedOneSaysWhatItIsThatWaits(t *testing.T) {
	s := newStage(t)
	s.create("team", "paused: true")
	s.status("team", strings.Replace(upgrade, "planRevision: 0a1b2c3d4e, ", "", 1))

	s.fails(s.run("approve", "team"), "because it is paused, not for an approval", "kubectl taskplatform resume team")
	s.status("team", upgrade)
	s.ok(s.run("approve", "team"), "is approved", "happens when it is resumed")
}

func TestAChangeThatSomebodyElseWasFasterWithIsDecidedAgain(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	client := s.client()
	var seen []string
	_, err := client.Change(t.Context(), s.namespace, "team", func(found *platform.Platform) (map[string]any, error) {
		seen = append(seen, found.Status.PlanRevision)
		if len(seen) == 1 {
			s.status("team", upgrade)
		}
		return platform.Annotation(platform.AnnotationApproved, found.Status.PlanRevision), nil
	})
	if err != nil || len(seen) != 2 || seen[1] != "0a1b2c3d4e" {
		t.Errorf("got %v and %v", seen, err)
	}
	if value := s.get("team").GetAnnotations()[platform.AnnotationApproved]; value != "0a1b2c3d4e" {
		t.Errorf("got %q", value)
	}
}

func (s *stage) client() *platform.Client {
	s.Helper()
	kubeconfig, err := server.Kubeconfig(s.user, s.namespace)
	if err != nil {
		s.Fatal(err)
	}
	flags := genericclioptions.NewConfigFlags(true)
	flags.KubeConfig = &kubeconfig
	client, err := platform.Connect(flags, s.Output())
	if err != nil {
		s.Fatal(err)
	}
	return client
}

func TestPauseAndResumeLeaveNothingBehind(t *testing.T) {
	s := newStage(t)
	s.create("team", "")

	s.ok(s.run("pause", "team"), "is paused", "kubectl taskplatform plan team")
	if paused, _, _ := unstructured.NestedBool(s.get("team").Object, "spec", "paused"); !paused {
		t.Error("it is not paused")
	}
	s.ok(s.run("pause", "team"), "paused already")
	s.ok(s.run("resume", "team"), "goes on")
	if _, found, _ := unstructured.NestedBool(s.get("team").Object, "spec", "paused"); found {
		t.Error("spec.paused is still there")
	}
	for _, entry := range s.get("team").GetManagedFields() {
		if entry.Manager == "kubectl-taskplatform" {
			t.Errorf("the plugin still owns %s", entry.FieldsV1)
		}
	}
	s.ok(s.run("resume", "team"), "is not paused")
}

func TestRestartIsToldAndWaitedFor(t *testing.T) {
	s := newStage(t)
	s.clock.set(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	s.create("team", "")
	s.status("team", ready)
	s.deployment("team-user-service")
	s.deployment("team-task-service")
	var out, notes shared

	end := s.startInto(t.Context(), &out, &notes, "restart", "team", "--wait")
	s.eventually("the user service comes first", func() bool {
		return strings.Contains(notes.String(), "user-service waits for its turn; task-service waits for its turn")
	})
	if at := s.get("team").GetAnnotations()[platform.AnnotationRestart]; at != "2026-01-02T03:04:05Z" {
		t.Errorf("got %q", at)
	}
	s.restarted("team-user-service", 1)
	s.eventually("then the task service", func() bool {
		return strings.Contains(notes.String(), "user-service: 1 of 1 new pods available; task-service waits for its turn")
	})
	s.restarted("team-task-service", 0)
	s.eventually("and its pods", func() bool { return strings.Contains(notes.String(), "task-service: 0 of 1 new pods available") })
	s.restarted("team-task-service", 1)

	s.ok(end(), "is told to restart its pods (2026-01-02T03:04:05Z)", "All pods of TaskPlatform team are new")
}

func TestRestartIsRefusedWhenItWouldDoSomethingElse(t *testing.T) {
	s := newStage(t)
	s.create("team", "paused: true")
	s.fails(s.run("restart", "team"), "is paused", "resume team")
	s.ok(s.run("restart", "team", "--force"), "is told to restart")

	s.create("other", "")
	s.status("other", rolledBack)
	s.fails(s.run("restart", "other"), "would try the change that failed again", "retry other")
}

func TestRetryForgetsTheChangeThatWasTakenBack(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.status("team", ready)
	s.revision("team-1111111111-2222222222", "team", "Healthy", 1)
	s.revision("team-aaaaaaaaaa-failed", "team", "Failed", 1)
	s.revision("team-bbbbbbbbbb-failed", "team", "Failed", 2)
	s.fails(s.run("retry", "team"), "no change of TaskPlatform team is taken back")
	s.status("team", rolledBack)

	s.ok(s.run("retry", "team"), "Forgot team-aaaaaaaaaa-failed (ImagePullFailed: no such image)")
	if left := s.revisions(); left != "team-1111111111-2222222222 team-bbbbbbbbbb-failed" {
		t.Errorf("left: %s", left)
	}
	s.fails(s.run("retry", "team"), "is taken back")
	s.ok(s.run("retry", "team", "--all"), "Forgot team-bbbbbbbbbb-failed")
	if left := s.revisions(); left != "team-1111111111-2222222222" {
		t.Errorf("left: %s", left)
	}
}
