// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"

	"taskplatform.dev/kubectl-taskplatform/internal/command"
)

func TestVersions(t *testing.T) {
	s := newStage(t)
	s.ok(s.run("version", "--client"), "Plugin:      9.9.9-test\n")
	s.operator()

	s.ok(s.run("version"), "Plugin:      9.9.9-test", "Kubernetes:  v1.", "Operator:    0.3.0, 1 of 1 pods ready, Deployment taskplatform-operator in namespace "+s.namespace)
	s.ok(s.run("version", "-o", "json"), `"image": "registry.example/taskplatform-operator:0.3.0"`)
	s.user = stranger
	if r := s.ok(s.run("version"), "Kubernetes:  v1.", "none is seen"); !strings.Contains(r.notes, "The operator was not looked at: you, the user stranger, may not list deployments.apps") {
		t.Errorf("notes: %s", r.notes)
	}
	s.fails(s.run("version", "x"), "version takes no argument, but was given: x")
}

func TestErrorsSayWhatToDoNext(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.fails(s.run("stauts"), `there is no command "stauts"`, "Is this what you mean? kubectl taskplatform status")
	s.fails(s.run("xyz"), `there is no command "xyz"`, "kubectl taskplatform --help")
	s.fails(s.run("status", "team", "--nonsense"), "unknown flag: --nonsense", "kubectl taskplatform status --help")
	s.fails(s.run("status", "team", "--context", "none"), "the kubeconfig can't be used", "kubectl config get-contexts")
	s.fails(s.run("status", "team", "-s", "https://127.0.0.1:1"), "the API server https://127.0.0.1:1 does not answer", "refused", "kubectl get --raw /readyz")
	s.fails(s.run("status", "team", "--token", "nobody"), "does not accept who you say you are", "Sign in again")

	s.user = stranger
	s.fails(s.run("status", "team"), "you, the user stranger, may not get taskplatforms.taskplatform.dev team in namespace "+s.namespace,
		"kubectl auth can-i get taskplatforms.taskplatform.dev -n "+s.namespace)
	s.fails(s.run("status", "-A"), "kubectl auth can-i list taskplatforms.taskplatform.dev --all-namespaces")
	s.allow(stranger, rbacv1.PolicyRule{APIGroups: []string{"taskplatform.dev"}, Resources: []string{"taskplatforms"}, Verbs: []string{"get", "list"}})
	s.fails(s.run("pause", "team"), "you, the user stranger, may not patch taskplatforms.taskplatform.dev team in namespace "+s.namespace)
	s.ok(s.run("status", "team"), "Not seen", "pods: you, the user stranger, may not list pods in namespace "+s.namespace)
	s.fails(s.run("status", "tame"), "There are: team")
}

func TestWithoutAKubeconfig(t *testing.T) {
	t.Setenv("KUBECONFIG", "/dev/null")
	t.Setenv("HOME", t.TempDir())
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	var out, notes shared
	if code := command.Run(t.Context(), []string{"status", "team"}, "test", time.Now, &out, &notes); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(notes.String(), "no cluster is configured") || !strings.Contains(notes.String(), "Set KUBECONFIG") {
		t.Errorf("got %s", notes.String())
	}
}

func TestInterruptEndsWhatWaits(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	ctx, interrupt := context.WithCancel(t.Context())
	var out, notes shared
	end := s.startInto(ctx, &out, &notes, "status", "team", "--watch")
	s.eventually("it waits", func() bool { return notes.String() != "" })
	interrupt()
	if r := end(); r.code != 130 || !strings.HasSuffix(r.notes, "error: interrupted\n") {
		t.Errorf("got %+v", r)
	}
}

func TestNamesAreCompleted(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.create("tests", "")
	s.create("others", "")

	s.ok(s.run("__complete", "status", "te"), "team\ntests\n")
	s.ok(s.run("__complete", "status", "team", ""), ":4\n")
	s.ok(s.run("__complete", "status", "-n", s.namespace[:len(s.namespace)-1]), s.namespace+"\n")
	s.ok(s.run("__complete", "status", "--context", ""), "test\n")
	s.ok(s.run("__complete", "logs", "--service", ""), "user\ntask\n")
	s.ok(s.run("__complete", "status", "-o", ""), "json\nyaml\n")
	s.user = stranger
	s.ok(s.run("__complete", "status", ""), ":4\n")
}

func TestAsKubectlRunsIt(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	kubectl := filepath.Join(os.Getenv("KUBE_BIN_DIR"), "kubectl")
	directory := t.TempDir()
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", directory+"/", "../..")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	script, err := os.ReadFile("../../kubectl_complete-taskplatform")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, "kubectl_complete-taskplatform"), script, 0o700); err != nil {
		t.Fatal(err)
	}
	kubeconfig, err := server.Kubeconfig("admin", s.namespace)
	if err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"TaskPlatform team in namespace " + s.namespace: {"taskplatform", "status", "team"},
		"team\n:4":                           {"__complete", "taskplatform", "status", "t"},
		"kubectl taskplatform status [NAME]": {"taskplatform", "status", "--help"},
	} {
		run := exec.Command(kubectl, args...)
		run.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "PATH="+directory+":"+os.Getenv("PATH"))
		output, err := run.Output()
		if err != nil || !strings.Contains(string(output), want) {
			t.Errorf("%v: %v: %s", args, err, output)
		}
	}
}
