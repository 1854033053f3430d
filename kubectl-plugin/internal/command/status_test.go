// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/view"
)

func TestStatusOfOneThatNoOperatorHasSeen(t *testing.T) {
	s := newStage(t)
	s.create("team", "")

	s.ok(s.run("status", "team"), "TaskPlatform team in namespace "+s.namespace, "the operator has not looked at it yet", "embedded")
}

func TestStatusSaysAllOnOnePage(t *testing.T) {
	s := newStage(t)
	s.create("team", "upgradePolicy: Automatic, unused: 1")
	s.status("team", strings.Replace(ready, "version:", "warnings: [spec.unused is no field], version:", 1))
	s.apply(pods, crashing("team-user-service-1", "team", "user-service"))

	r := s.ok(s.run("status", "team"), "Ready       yes", "Version     0.1.0", "team-1111111111-2222222222", "Automatic",
		"All pods of both services are available", "RolledBack", "registry.example/task-service:0.1.0", "0123456789 ",
		"http://team-user-service.team.svc", "CrashLoopBackOff: ended with exit code 1 (Error), last words: no database?[31m", "spec.unused is no field",
		"team-user-service-1")
	if strings.Contains(r.out, "\x1b") {
		t.Error("a pod's words can steer the terminal")
	}
}

func TestStatusForPrograms(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.status("team", ready)
	var summary view.Summary

	if err := json.Unmarshal([]byte(s.ok(s.run("status", "team", "-o", "json")).out), &summary); err != nil {
		t.Fatal(err)
	}
	if !summary.Ready || summary.Services[1].Revision != "fedcba9876543210" || summary.Services[1].Ready != 1 || summary.Generation != 1 {
		t.Errorf("got %+v", summary)
	}
	s.ok(s.run("status", "team", "-o", "yaml"), "ready: true", "name: team\n", "version: 0.1.0")
	s.ok(s.run("status", "-o", "json"), `"items"`, `"ready": true`)
	s.fails(s.run("status", "team", "-o", "xml"), "-o xml is no format", "json, yaml")
}

func TestStatusListsOneNamespaceOrAll(t *testing.T) {
	s, other := newStage(t), newStage(t)
	s.create("team", "")
	s.status("team", upgrade)
	other.create("others", "")

	here := s.ok(s.run("status"), "NAME  READY  REASON", "team  True   Ready   -         -        1")
	if strings.Contains(here.out, "others") {
		t.Errorf("another namespace is in it: %s", here.out)
	}
	s.ok(s.run("status", "-A"), "NAMESPACE", s.namespace, "others", other.namespace)
	s.ok(newStage(t).run("status"))
	s.fails(s.run("status", "team", "-A"), "takes no name", "-n NAMESPACE")
}

func TestStatusOfManyComesInPages(t *testing.T) {
	s := newStage(t)
	for i := range 260 {
		s.create("p"+strings.Repeat("x", i%26)+string(rune('a'+i/26)), "")
	}
	if lines := strings.Count(s.ok(s.run("status")).out, "\n"); lines != 261 {
		t.Errorf("%d lines", lines)
	}
}

func TestStatusOfOneThatIsNotThereSaysWhichAre(t *testing.T) {
	s, other := newStage(t), newStage(t)
	s.create("team", "")
	other.create("far-away-"+s.namespace, "")

	s.fails(s.run("status", "tame"), `there is no TaskPlatform "tame" in namespace `+s.namespace, "There are: team")
	s.fails(s.run("status", "far-away-"+s.namespace), "-n "+other.namespace)
	s.fails(newStage(t).run("status", "x-"+s.namespace), "status -A")
}

func TestWatchWaitsUntilReady(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	var out, notes shared
	end := s.startInto(t.Context(), &out, &notes, "status", "team", "-w")
	s.eventually("it waits for the operator", func() bool { return strings.Contains(notes.String(), "not looked at it yet") })
	s.status("team", rollingOut)
	s.eventually("it says what it waits for", func() bool {
		return strings.Contains(notes.String(), "RollingOut: user-service: 0 of 1 pods available")
	})
	s.patch(platform.Resource, "team", map[string]any{"spec": map[string]any{"replicas": 0}})
	s.status("team", ready)
	s.eventually("a status about an older spec is not enough", func() bool {
		return strings.Contains(notes.String(), "has not seen the newest change")
	})
	s.status("team", strings.Replace(ready, "observedGeneration: 1", "observedGeneration: 2", 1))

	s.ok(end(), "Ready       yes")
}

func TestWatchEndsWhenOnlyAPersonCanHelp(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.fails(s.run("status", "team", "--watch", "--timeout", "1500ms"), "after 1.5s it is still not done", "kubectl taskplatform status team -n")
	s.fails(s.run("status", "team", "--watch", "--timeout", "-1s"), "can't be negative")
	s.fails(s.run("status", "--watch"), "goes with the name of one")

	s.status("team", strings.NewReplacer("RollingOut", "Stopped", "user-service: 0 of 1 pods available", "replicas is 0").Replace(rollingOut))
	s.fails(s.run("status", "team", "--watch"), "will not become ready: replicas is 0", "kubectl scale")
}

func TestWatchEndsWhenItIsPaused(t *testing.T) {
	s := newStage(t)
	s.create("team", "paused: true")
	s.status("team", strings.NewReplacer("observedGeneration: 1", "observedGeneration: 0", "planRevision: 0a1b2c3d4e, ", "").Replace(upgrade))

	s.fails(s.run("status", "team", "--watch"), "will not become ready: it is paused, which holds back 1 change\n", "kubectl taskplatform resume team")
	s.ok(s.run("plan", "team"), "It is paused.", "kubectl taskplatform resume team")
	s.ok(s.run("status", "team"), "no, it is paused, which holds back 1 change")
}

func TestWatchEndsWhenTheChangeWasTakenBack(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.status("team", rolledBack)
	var out, notes shared
	s.clock.set(time.Unix(0, 0))
	end := s.startInto(t.Context(), &out, &notes, "status", "team", "--watch")
	s.eventually("what `retry` forgot may still be in the status", func() bool { return strings.Contains(notes.String(), "RolledBack") })
	s.clock.set(time.Unix(60, 0))

	s.fails(end(), "Pod x can't pull image", "kubectl taskplatform retry team -n "+s.namespace)
}
