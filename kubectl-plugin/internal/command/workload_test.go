// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
)

var (
	pods          = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	deployments   = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	revisionsKind = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "controllerrevisions"}
)

// running is a pod of a service, on the node that the test acts.
func running(name, instance, service string) string {
	return fmt.Sprintf(`
apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {app.kubernetes.io/instance: %s, app.kubernetes.io/name: %s}}
spec: {nodeName: acted, containers: [{name: %[3]s, image: x, env: [{name: LOG_LEVEL, value: INFO}, {name: OLD_TOKEN, value: literal-token}]}]}
status:
  phase: Running
  conditions: [{type: Ready, status: "True"}]
  containerStatuses: [{name: %[3]s, ready: true, restartCount: 0, image: x, imageID: x, state: {running: {startedAt: "2026-01-01T00:00:00Z"}}}]
`, name, instance, service)
}

// crashing is one that ends again and again, with words that would turn the terminal red.
func crashing(name, instance, service string) string {
	return strings.NewReplacer(`{type: Ready, status: "True"}`, `{type: Ready, status: "False"}`, `ready: true, restartCount: 0`, `ready: false, restartCount: 3`,
		`state: {running: {startedAt: "2026-01-01T00:00:00Z"}}`,
		`state: {waiting: {reason: CrashLoopBackOff, message: back-off}}, lastState: {terminated: {exitCode: 1, reason: Error, message: "starting\nno database\e[31m"}}`,
	).Replace(running(name, instance, service))
}

func (s *stage) deployment(name string) {
	s.Helper()
	s.apply(deployments, fmt.Sprintf(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, labels: {app.kubernetes.io/instance: team}}
spec:
  replicas: 1
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: x, image: x}]}}
status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1}
`, name))
}

// restarted plays operator and Deployment controller: the template asks for new pods, and so many of them are available.
func (s *stage) restarted(name string, available int) {
	s.Helper()
	at := s.get("team").GetAnnotations()[platform.AnnotationRestart]
	s.patch(deployments, name, map[string]any{"spec": map[string]any{"template": map[string]any{"metadata": map[string]any{
		"annotations": map[string]any{platform.AnnotationRestart: at},
	}}}})
	s.setStatus(deployments, name, map[string]any{
		"observedGeneration": 2, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": available,
	})
}

func (s *stage) revision(name, owner, health string, number int) {
	s.Helper()
	s.apply(revisionsKind, fmt.Sprintf(`
apiVersion: apps/v1
kind: ControllerRevision
metadata:
  name: %s
  labels: {app.kubernetes.io/instance: %s}
  annotations: {taskplatform.dev/health: %s, taskplatform.dev/reason: ImagePullFailed, taskplatform.dev/message: no such image}
  ownerReferences: [{apiVersion: taskplatform.dev/v1alpha1, kind: TaskPlatform, name: %[2]s, uid: %[4]s, controller: true}]
revision: %[5]d
data: {a: b}
`, name, owner, health, s.get(owner).GetUID(), number))
}

func (s *stage) revisions() string {
	s.Helper()
	list, err := server.Dynamic.Resource(revisionsKind).Namespace(s.namespace).List(s.Context(), metav1.ListOptions{})
	if err != nil {
		s.Fatal(err)
	}
	var names []string
	for _, item := range list.Items {
		names = append(names, item.GetName())
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
