// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"taskplatform.dev/kubectl-taskplatform/internal/command"
	"taskplatform.dev/kubectl-taskplatform/internal/kubeapi"
	"taskplatform.dev/kubectl-taskplatform/internal/platform"
)

const (
	definitions = "../../../k8s/operator/operator.yaml"
	stranger    = "stranger" // a user without rights
	reader      = "reader"   // a user whom a test gives rights
	soon        = 20 * time.Second
)

// server has no controllers: the tests play the operator.
var server *kubeapi.Server

func TestMain(m *testing.M) {
	code := 1
	defer func() { os.Exit(code) }()
	started, err := kubeapi.Start(context.Background(), stranger, reader)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	defer started.Stop()
	server = started
	found, err := kubeapi.DefinitionsIn(definitions)
	if err == nil {
		err = server.Define(context.Background(), found...)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	code = m.Run()
}

// stage is a namespace of a test.
type stage struct {
	*testing.T
	namespace string
	user      string
	clock     *clock
}

// clock is the time of a stage's commands: the machine's until a test sets it.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) set(at time.Time) { c.at.Store(&at) }

func (c *clock) now() time.Time {
	if at := c.at.Load(); at != nil {
		return *at
	}
	return time.Now()
}

func newStage(t *testing.T) *stage {
	t.Helper()
	created, err := server.Kube.CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "plugin-"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return &stage{t, created.Name, "admin", &clock{}}
}

// result is what a command left.
type result struct {
	code       int
	out, notes string
}

// run runs a command as the stage's user in its namespace.
func (s *stage) run(args ...string) result {
	s.Helper()
	return s.start(args...)()
}

// start runs a command in the background; what it returns waits for the end.
func (s *stage) start(args ...string) func() result {
	s.Helper()
	var out, notes bytes.Buffer
	return s.startInto(s.Context(), &out, &notes, args...)
}

func (s *stage) startInto(ctx context.Context, out, notes interface {
	Write([]byte) (int, error)
	String() string
}, args ...string,
) func() result {
	s.Helper()
	kubeconfig, err := server.Kubeconfig(s.user, s.namespace)
	if err != nil {
		s.Fatal(err)
	}
	access := []string{"--kubeconfig", kubeconfig}
	if args[0] == cobra.ShellCompRequestCmd { // the last argument is the one to complete
		args = slices.Insert(slices.Clone(args), 1, access...)
	} else {
		args = append(args, access...)
	}
	done := make(chan int, 1)
	go func() {
		done <- command.Run(ctx, args, "9.9.9-test", s.clock.now, out, notes)
	}()
	return func() result {
		s.Helper()
		select {
		case code := <-done:
			return result{code, out.String(), notes.String()}
		case <-time.After(2 * soon):
			s.Fatalf("%v has not ended; it said: %s%s", args, out.String(), notes.String())
			return result{}
		}
	}
}

// shared is a buffer that is read while a command writes to it.
type shared struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (b *shared) Write(text []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(text)
}

func (b *shared) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}

// eventually looks until something is so.
func (s *stage) eventually(what string, is func() bool) {
	s.Helper()
	deadline := time.Now().Add(soon)
	for !is() {
		if time.Now().After(deadline) {
			s.Fatalf("not in time: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// ok demands that a command succeeded, and that what it printed has certain texts.
func (s *stage) ok(r result, texts ...string) result {
	s.Helper()
	return s.ended(0, r, r.out, texts...)
}

// fails demands that a command failed with a message that has certain texts.
func (s *stage) fails(r result, texts ...string) result {
	s.Helper()
	return s.ended(1, r, r.notes, texts...)
}

func (s *stage) ended(code int, r result, where string, texts ...string) result {
	s.Helper()
	if r.code != code {
		s.Errorf("exit code %d, not %d", r.code, code)
	}
	for _, text := range texts {
		if !strings.Contains(where, text) {
			s.Errorf("%q is not in it", text)
		}
	}
	if s.Failed() {
		s.Logf("out:\n%s\nnotes:\n%s", r.out, r.notes)
	}
	return r
}

// create makes a TaskPlatform of an embedded database, with more of a spec as YAML.
func (s *stage) create(name, spec string) {
	s.Helper()
	s.apply(platform.Resource, fmt.Sprintf(`
apiVersion: taskplatform.dev/v1alpha1
kind: TaskPlatform
metadata: {name: %s, namespace: %s}
spec: {database: {embedded: {}}, %s}`, name, s.namespace, spec))
}

// apply makes an object from YAML, and gives it the status that it has there.
func (s *stage) apply(resource schema.GroupVersionResource, text string) *unstructured.Unstructured {
	s.Helper()
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &object.Object); err != nil {
		s.Fatal(err)
	}
	object.SetNamespace(s.namespace)
	status, has := object.Object["status"]
	created, err := server.Dynamic.Resource(resource).Namespace(s.namespace).Create(s.Context(), object, metav1.CreateOptions{})
	if err != nil {
		s.Fatal(err)
	}
	if has {
		s.setStatus(resource, object.GetName(), status)
	}
	return created
}

func (s *stage) setStatus(resource schema.GroupVersionResource, name string, status any) {
	s.Helper()
	s.patch(resource, name, map[string]any{"status": status}, "status")
}

func (s *stage) patch(resource schema.GroupVersionResource, name string, change any, subresource ...string) {
	s.Helper()
	body, err := json.Marshal(change)
	if err != nil {
		s.Fatal(err)
	}
	if _, err := server.Dynamic.Resource(resource).Namespace(s.namespace).
		Patch(s.Context(), name, types.MergePatchType, body, metav1.PatchOptions{FieldManager: "test"}, subresource...); err != nil {
		s.Fatal(err)
	}
}

// status is what the operator says of a resource, as YAML in braces.
func (s *stage) status(name, text string) {
	s.Helper()
	var status any
	if err := yaml.Unmarshal([]byte(text), &status); err != nil {
		s.Fatal(err)
	}
	s.setStatus(platform.Resource, name, status)
}

func (s *stage) get(name string) *unstructured.Unstructured {
	s.Helper()
	object, err := server.Dynamic.Resource(platform.Resource).Namespace(s.namespace).Get(s.Context(), name, metav1.GetOptions{})
	if err != nil {
		s.Fatal(err)
	}
	return object
}

const (
	ready = `{observedGeneration: 1, replicas: 1, version: 0.1.0, revision: team-1111111111-2222222222, conditions: [
  {type: Ready, status: "True", reason: Ready, message: All pods of both services are available, lastTransitionTime: "2026-01-01T00:00:00Z"},
  {type: RolledBack, status: "False", reason: AsAskedFor, message: No change was taken back, lastTransitionTime: "2026-01-01T00:00:00Z"}],
  services: [
  {name: user-service, desired: 1, ready: 1, image: "registry.example/user-service:0.1.0", revision: 0123456789abcdef, url: "http://team-user-service.team.svc"},
  {name: task-service, desired: 1, ready: 1, image: "registry.example/task-service:0.1.0", revision: fedcba9876543210, url: "http://team-task-service.team.svc"}]}`
	rollingOut = `{observedGeneration: 1, conditions: [
  {type: Ready, status: "False", reason: RollingOut, message: "user-service: 0 of 1 pods available", lastTransitionTime: "2026-01-01T00:00:00Z"}]}`
	rolledBack = `{observedGeneration: 1, conditions: [
  {type: Ready, status: "False", reason: RolledBack, message: "Pod x can't pull image", lastTransitionTime: "2026-01-01T00:00:00Z"},
  {type: RolledBack, status: "True", reason: ImagePullFailed, lastTransitionTime: "2026-01-01T00:00:00Z",
   message: "What the resource asks for did not become healthy. Change the resource, or, to try the same once more, ` + "`kubectl delete controllerrevision team-aaaaaaaaaa-failed`" + `"}]}`
	upgrade = `{observedGeneration: 1, planRevision: 0a1b2c3d4e, plan: [
  {kind: Deployment, name: team-user-service, change: Update, restartsPods: true, reason: "image: 0.1.0 to 0.2.0"}], conditions: [
  {type: Ready, status: "True", reason: Ready, message: All pods of both services are available, lastTransitionTime: "2026-01-01T00:00:00Z"}]}`
)
