// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

const password = "correct horse battery"

// troubled is a platform with a bit of everything, and with a password where none belongs.
func troubled(t *testing.T) *stage {
	t.Helper()
	s := newStage(t)
	s.create("team", `admin: {username: root, passwordSecretName: team-admin}, userService: {env: [{name: GREETING, value: hello}, {name: API_TOKEN, value: literal-token}]}`)
	s.status("team", ready)
	s.secret("team-keys", map[string]string{"app.kubernetes.io/instance": "team"}, "encryption-key", "a-key-of-no-use")
	s.secret("team-admin", nil, "password", password)
	s.secret("somebody-elses", nil, "password", "not looked at")
	s.apply(pods, crashing("team-user-service-1", "team", "user-service"))
	s.apply(pods, running("other-user-service-1", "other", "user-service"))
	s.deployment("team-user-service")
	s.revision("team-aaaaaaaaaa-failed", "team", "Failed", 1)
	s.apply(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}, `
apiVersion: v1
kind: ConfigMap
metadata: {name: team-user-service, labels: {app.kubernetes.io/instance: team}}
data: {application.yaml: "password: `+password+`\nlogLevel: INFO\n"}`)
	s.event("team", "TaskPlatform", "RollingBack", "tried with "+password)
	s.event("team-user-service-1", "Pod", "BackOff", "again")
	s.event("other", "TaskPlatform", "Ready", "of no interest")
	return s
}

func (s *stage) secret(name string, labels map[string]string, key, value string) {
	s.Helper()
	if _, err := server.Kube.CoreV1().Secrets(s.namespace).Create(s.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels, Annotations: map[string]string{"applied": value}},
		StringData: map[string]string{key: value},
	}, metav1.CreateOptions{}); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) event(about, kind, reason, message string) {
	s.Helper()
	s.apply(schema.GroupVersionResource{Version: "v1", Resource: "events"}, fmt.Sprintf(`
apiVersion: v1
kind: Event
metadata: {name: %s.%s}
involvedObject: {kind: %s, name: %[1]s, namespace: %[4]s}
type: Warning
reason: %[5]s
message: %[6]s
lastTimestamp: "2026-01-01T00:00:00Z"
`, about, strings.ToLower(reason), kind, s.namespace, reason, message))
}

// files unpacks a report; the names are without its folder.
func (s *stage) files(report []byte) map[string]string {
	s.Helper()
	compressed, err := gzip.NewReader(bytes.NewReader(report))
	if err != nil {
		s.Fatal(err)
	}
	files := map[string]string{}
	for reader := tar.NewReader(compressed); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			s.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			s.Fatal(err)
		}
		name, inside := strings.CutPrefix(header.Name, "taskplatform-report-"+s.namespace+"-team/")
		if !inside || header.Mode != 0o600 {
			s.Errorf("%s with mode %o", header.Name, header.Mode)
		}
		files[name] = string(content)
	}
}

func (s *stage) has(files map[string]string, name string, texts ...string) {
	s.Helper()
	content, found := files[name]
	if !found {
		s.Errorf("there is no %s", name)
	}
	for _, text := range texts {
		if !strings.Contains(content, text) {
			s.Errorf("%s has no %q:\n%s", name, text, content)
		}
	}
}

func TestReportHasEverythingButSecrets(t *testing.T) {
	s := troubled(t)
	s.withBackups()
	s.operator()
	k := newKubelet(s)
	k.say("team-user-service-1", 1, "signed in with "+password)
	k.say("team-user-service-1", 2, `{"refresh_token":"literal-token"}`)

	r := s.ok(s.run("report", "team", "-f", "-"))
	if r.notes != "" {
		t.Errorf("notes: %s", r.notes)
	}
	files := s.files([]byte(r.out))
	s.has(files, "report.yaml", "plugin: 9.9.9-test", "kubernetes: v1.", "name: team")
	s.has(files, "status.txt", "TaskPlatform team in namespace", "All pods of both services are available")
	s.has(files, "taskplatform.yaml", "value: hello", "name: API_TOKEN\n      value: '[redacted]'", "passwordSecretName: team-admin", "observedGeneration: 1")
	s.has(files, "secrets.txt", "team-keys  type Opaque", "encryption-key  15 bytes", "team-admin", "password  21 bytes")
	s.has(files, "pods/team-user-service-1.yaml", "restartCount: 3", "LOG_LEVEL")
	s.has(files, "deployments/team-user-service.yaml", "updatedReplicas: 1")
	s.has(files, "configmaps/team-user-service.yaml", "logLevel: INFO")
	s.has(files, "controllerrevisions/team-aaaaaaaaaa-failed.yaml", "no such image")
	s.has(files, "events.txt", "TaskPlatform/team  RollingBack: tried with [redacted]", "Pod/team-user-service-1  BackOff: again")
	s.has(files, "logs/team-user-service-1/user-service.log", "signed in with [redacted]\n", "refresh_token")
	s.has(files, "logs/team-user-service-1/user-service.previous.log", "before the restart of team-user-service-1")
	folder := "operator/" + s.namespace + "-taskplatform-operator/"
	s.has(files, folder+"deployment.yaml", "registry.example/taskplatform-operator:0.3.0")
	s.has(files, folder+"operator-1.yaml")
	for name, content := range files {
		for _, secret := range []string{
			password, base64.StdEncoding.EncodeToString([]byte(password)), "a-key-of-no-use", "literal-token", "not looked at", "somebody-elses", "of no interest",
			"managedFields", "other-user-service",
		} {
			if strings.Contains(content, secret) {
				t.Errorf("%s has %q:\n%s", name, secret, content)
			}
		}
	}
}

func TestReportOfWhoMayReadLittle(t *testing.T) {
	s := troubled(t)
	s.withBackups()
	s.allow(reader, rbacv1.PolicyRule{APIGroups: []string{"taskplatform.dev"}, Resources: []string{"taskplatforms"}, Verbs: []string{"get"}},
		rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"list"}})
	s.user = reader
	file := filepath.Join(t.TempDir(), "report.tar.gz")

	r := s.ok(s.run("report", "team", "-f", file), file)
	if !strings.Contains(r.notes, "not in the report: secrets - you, the user reader, may not list secrets in namespace "+s.namespace) {
		t.Errorf("notes: %s", r.notes)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files := s.files(content)
	s.has(files, "taskplatform.yaml")
	s.has(files, "pods/team-user-service-1.yaml")
	s.has(files, "errors.txt", "secrets - you, the user reader, may not list secrets", "secret team-admin - you,", "deployments - you,",
		"events of namespace", "operator - ", "backups - ", "logs/team-user-service-1/user-service.log - you, the user reader, may not get pods/log")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	s.fails(s.run("report", "team", "-f", file), "exists already")
	s.fails(s.run("report", "team", "-f", "/no/such/folder/x"), "can't be written")
}

func TestReportIsBounded(t *testing.T) {
	s := troubled(t)
	s.withBackups()

	files := s.files([]byte(s.ok(s.run("report", "team", "-f", "-", "--max-size", "2500")).out))
	s.has(files, "errors.txt", "files were left out")
	size := 0
	for _, content := range files {
		size += len(content)
	}
	if size > 2500+len(files["errors.txt"]) {
		t.Errorf("%d bytes", size)
	}
	s.fails(s.run("report", "team", "--max-size", "much"), "--max-size much is no size", "64Mi")
}

// allow gives a user rights in the stage's namespace.
func (s *stage) allow(user string, rules ...rbacv1.PolicyRule) {
	s.Helper()
	api := server.Kube.RbacV1()
	_, err := api.Roles(s.namespace).Create(s.Context(), &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: user}, Rules: rules}, metav1.CreateOptions{})
	if err != nil {
		s.Fatal(err)
	}
	if _, err := api.RoleBindings(s.namespace).Create(s.Context(), &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: user},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: user},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
	}, metav1.CreateOptions{}); err != nil {
		s.Fatal(err)
	}
}

// operator puts the Deployment of k8s/operator, without its pods but one, into the stage's namespace.
func (s *stage) operator() {
	s.Helper()
	content, err := os.ReadFile(definitions)
	if err != nil {
		s.Fatal(err)
	}
	for _, document := range strings.Split(string(content), "\n---\n") {
		var object struct{ Kind string }
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			s.Fatal(err)
		}
		if object.Kind == "Deployment" {
			s.apply(deployments, strings.ReplaceAll(document, "image: taskplatform-operator:", "image: registry.example/taskplatform-operator:0.3.0 # "))
			s.setStatus(deployments, "taskplatform-operator", map[string]any{
				"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1,
			})
		}
	}
	s.apply(pods, running("operator-1", "taskplatform-operator", "taskplatform-operator"))
	s.Cleanup(func() {
		_ = server.Kube.AppsV1().Deployments(s.namespace).Delete(s.T.Context(), "taskplatform-operator", metav1.DeleteOptions{})
	})
}
