// SPDX-License-Identifier: Apache-2.0

package view

import (
	"fmt"
	"io"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
)

// Summary is all that the command status says of a resource; its JSON is an interface of the plugin.
type Summary struct {
	Name               string                   `json:"name"`
	Namespace          string                   `json:"namespace"`
	CreatedAt          metav1.Time              `json:"createdAt"`
	Generation         int64                    `json:"generation"`
	ObservedGeneration int64                    `json:"observedGeneration"`
	Ready              bool                     `json:"ready"`
	Progress           string                   `json:"progress"`
	Paused             bool                     `json:"paused"`
	Database           string                   `json:"database"`
	UpgradePolicy      string                   `json:"upgradePolicy"`
	Backups            string                   `json:"backups,omitempty"`
	Version            string                   `json:"version,omitempty"`
	Revision           string                   `json:"revision,omitempty"`
	Replicas           *int32                   `json:"replicas,omitempty"`
	RestartedAt        string                   `json:"restartedAt,omitempty"`
	Conditions         []metav1.Condition       `json:"conditions"`
	Services           []Service                `json:"services"`
	Pods               []Pod                    `json:"pods,omitempty"`
	Plan               []platform.PlannedChange `json:"plan"`
	PlanRevision       string                   `json:"planRevision,omitempty"`
	Warnings           []string                 `json:"warnings"`
	LastBackup         *Backup                  `json:"lastBackup,omitempty"`
	Notes              []string                 `json:"notes,omitempty"` // what could not be read

	reason string
}

// Service is a service with what keeps its pods from running.
type Service struct {
	platform.ServiceStatus
	Problem string `json:"problem,omitempty"`
}

// Pod is a pod of a service.
type Pod struct {
	Name     string      `json:"name"`
	Service  string      `json:"service"`
	Phase    string      `json:"phase"`
	Ready    bool        `json:"ready"`
	Restarts int32       `json:"restarts"`
	Node     string      `json:"node,omitempty"`
	Since    metav1.Time `json:"createdAt"`
	Problem  string      `json:"problem,omitempty"`
}

// Backup is a backup in short.
type Backup struct {
	Name        string       `json:"name"`
	Namespace   string       `json:"namespace"`
	Platform    string       `json:"taskPlatformName"`
	Phase       string       `json:"phase"`
	Message     string       `json:"message,omitempty"`
	CreatedAt   metav1.Time  `json:"createdAt"`
	StartedAt   *metav1.Time `json:"startedAt,omitempty"`
	CompletedAt *metav1.Time `json:"completedAt,omitempty"`
	Path        string       `json:"path,omitempty"`
	Rows        int64        `json:"rows"`
	Bytes       int64        `json:"bytes"`
}

// NewSummary says what the resource itself has; pods and backups are added by the other functions.
func NewSummary(found *platform.Platform) *Summary {
	status := found.Status
	summary := &Summary{
		Name: found.Name(), Namespace: found.Namespace(), CreatedAt: found.Object.GetCreationTimestamp(),
		Generation: found.Object.GetGeneration(), ObservedGeneration: status.ObservedGeneration,
		Ready: found.IsReady(), Progress: found.Progress(), Paused: found.Paused(),
		Database: found.Database(), UpgradePolicy: found.UpgradePolicy(), Backups: found.Backups(),
		Version: status.Version, Revision: status.Revision, Replicas: status.Replicas,
		RestartedAt:  found.Object.GetAnnotations()[platform.AnnotationRestart],
		Conditions:   append([]metav1.Condition{}, status.Conditions...),
		Services:     []Service{},
		Plan:         append([]platform.PlannedChange{}, status.Plan...),
		PlanRevision: status.PlanRevision, Warnings: append([]string{}, status.Warnings...),
	}
	for _, service := range status.Services {
		summary.Services = append(summary.Services, Service{ServiceStatus: service})
	}
	if ready := found.Condition("Ready"); ready != nil {
		summary.reason = ready.Reason
	}
	return summary
}

// AddPods adds the pods, and to each service the first problem of its pods.
func (s *Summary) AddPods(pods []corev1.Pod) {
	problems := map[string]string{}
	for i := range pods {
		pod := &pods[i]
		service := pod.Labels[platform.LabelName]
		phase := string(pod.Status.Phase)
		if pod.DeletionTimestamp != nil {
			phase = "Terminating"
		}
		found := Pod{
			Name: pod.Name, Service: service, Phase: phase, Ready: platform.IsPodReady(pod), Restarts: platform.Restarts(pod),
			Node: pod.Spec.NodeName, Since: pod.CreationTimestamp, Problem: platform.PodProblem(pod),
		}
		s.Pods = append(s.Pods, found)
		if found.Problem != "" && problems[service] == "" {
			problems[service] = found.Name + ": " + found.Problem
		}
	}
	for i := range s.Services {
		s.Services[i].Problem = problems[s.Services[i].Name]
	}
}

// NewBackup puts a backup in short.
func NewBackup(found *platform.Backup) Backup {
	return Backup{
		Name: found.Name(), Namespace: found.Object.GetNamespace(), Platform: found.Platform, Phase: found.Phase(),
		Message: found.Status.Message, CreatedAt: found.Object.GetCreationTimestamp(), StartedAt: found.Status.StartedAt,
		CompletedAt: found.Status.CompletedAt, Path: found.Status.Path, Rows: found.Rows(), Bytes: found.Bytes(),
	}
}

// Page prints all of a summary.
func (s *Summary) Page(out io.Writer, now time.Time) error {
	fmt.Fprintf(out, "TaskPlatform %s in namespace %s\n", s.Name, s.Namespace)
	ready := "no"
	if s.Ready {
		ready = "yes"
	}
	facts := [][2]string{
		{"Ready", ready + ", " + s.Progress},
		{"Version", s.Version},
		{"Revision", s.Revision},
		{"Generation", fmt.Sprintf("%d, the operator has seen %d", s.Generation, s.ObservedGeneration)},
		{"Database", s.Database},
		{"Upgrades", s.UpgradePolicy},
		{"Backups", s.Backups},
		{"Restarted", s.RestartedAt},
		{"Age", Age(s.CreatedAt, now)},
	}
	for _, fact := range facts {
		if fact[1] != "" {
			fmt.Fprintf(out, "  %-11s %s\n", fact[0], Clean(fact[1]))
		}
	}
	for _, part := range []func(io.Writer, time.Time) error{s.conditions, s.services, s.pods, s.plan, s.backup} {
		if err := part(out, now); err != nil {
			return err
		}
	}
	list(out, "Warnings", s.Warnings)
	list(out, "Not seen", s.Notes)
	list(out, "Next", s.next())
	return nil
}

func list(out io.Writer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", title)
	for _, line := range lines {
		fmt.Fprintf(out, "  %s\n", Clean(line))
	}
}

func (s *Summary) conditions(out io.Writer, now time.Time) error {
	if len(s.Conditions) == 0 {
		return nil
	}
	fmt.Fprintln(out)
	table := NewTable(out, "CONDITION", "STATUS", "REASON", "SINCE", "MESSAGE")
	for _, condition := range s.Conditions {
		table.Row(condition.Type, string(condition.Status), condition.Reason, Age(condition.LastTransitionTime, now), condition.Message)
	}
	return table.Flush()
}

func (s *Summary) services(out io.Writer, _ time.Time) error {
	if len(s.Services) == 0 {
		return nil
	}
	fmt.Fprintln(out)
	table := NewTable(out, "SERVICE", "READY", "REVISION", "IMAGE", "URL", "PROBLEM")
	for _, service := range s.Services {
		table.Row(service.Name, fmt.Sprintf("%d/%d", service.Ready, service.Desired), short(service.Revision), service.Image,
			service.URL, service.Problem)
	}
	return table.Flush()
}

// short leaves enough of a digest to tell it from another.
func short(digest string) string {
	const digits = 10
	if len(digest) > digits {
		return digest[:digits]
	}
	return digest
}

func (s *Summary) pods(out io.Writer, now time.Time) error {
	if len(s.Pods) == 0 {
		return nil
	}
	fmt.Fprintln(out)
	table := NewTable(out, "POD", "READY", "PHASE", "RESTARTS", "AGE", "NODE")
	for _, pod := range s.Pods {
		table.Row(pod.Name, strconv.FormatBool(pod.Ready), pod.Phase, strconv.Itoa(int(pod.Restarts)), Age(pod.Since, now), pod.Node)
	}
	return table.Flush()
}

func (s *Summary) plan(out io.Writer, _ time.Time) error {
	if len(s.Plan) == 0 {
		return nil
	}
	fmt.Fprintln(out)
	return Plan(out, s.Plan)
}

// Plan prints what waits.
func Plan(out io.Writer, plan []platform.PlannedChange) error {
	table := NewTable(out, "WAITS", "NAME", "CHANGE", "RESTARTS PODS", "REASON")
	for _, change := range plan {
		restarts := "no"
		if change.RestartsPods {
			restarts = "yes"
		}
		table.Row(change.Kind, change.Name, change.Change, restarts, change.Reason)
	}
	return table.Flush()
}

func (s *Summary) backup(out io.Writer, now time.Time) error {
	if s.LastBackup == nil {
		return nil
	}
	fmt.Fprintln(out)
	return Backups(out, []Backup{*s.LastBackup}, false, now)
}

// Backups prints backups, the newest first.
func Backups(out io.Writer, backups []Backup, namespaces bool, now time.Time) error {
	header := []string{"BACKUP", "PLATFORM", "PHASE", "AGE", "TOOK", "ROWS", "SIZE", "PATH", "MESSAGE"}
	if namespaces {
		header = append([]string{"NAMESPACE"}, header...)
	}
	table := NewTable(out, header...)
	for _, backup := range backups {
		took, rows, size := "", "", ""
		if backup.StartedAt != nil && backup.CompletedAt != nil {
			took = backup.CompletedAt.Sub(backup.StartedAt.Time).Round(time.Second).String()
		}
		if backup.Phase == platform.BackupCompleted {
			rows, size = strconv.FormatInt(backup.Rows, 10), Bytes(backup.Bytes)
		}
		row := []string{
			backup.Name, backup.Platform, backup.Phase, Age(backup.CreatedAt, now), took, rows, size, backup.Path, backup.Message,
		}
		if namespaces {
			row = append([]string{backup.Namespace}, row...)
		}
		table.Row(row...)
	}
	return table.Flush()
}

func (s *Summary) next() []string {
	var next []string
	where := fmt.Sprintf("%s -n %s", s.Name, s.Namespace)
	if s.PlanRevision != "" {
		next = append(next, fmt.Sprintf("A new version of the operator waits: kubectl taskplatform approve %s --plan-revision %s", where, s.PlanRevision))
	}
	if s.Paused {
		next = append(next, "It is paused: kubectl taskplatform resume "+where)
	}
	for _, condition := range s.Conditions {
		if condition.Type == "RolledBack" && condition.Status == metav1.ConditionTrue {
			next = append(next, "A change was taken back. Mend the resource, or try the same again: kubectl taskplatform retry "+where)
		}
	}
	return next
}

// Overview is a table with a row for each resource.
type Overview struct {
	table      *Table
	namespaces bool
}

// NewOverview starts the table, with a column for the namespace when several are shown.
func NewOverview(out io.Writer, namespaces bool) *Overview {
	header := []string{"NAME", "READY", "REASON", "REPLICAS", "VERSION", "WAITS", "AGE", "MESSAGE"}
	if namespaces {
		header = append([]string{"NAMESPACE"}, header...)
	}
	return &Overview{NewTable(out, header...), namespaces}
}

// Add adds a row.
func (o *Overview) Add(s *Summary, now time.Time) {
	status, message := "Unknown", s.Progress
	for _, condition := range s.Conditions {
		if condition.Type == "Ready" {
			status, message = string(condition.Status), condition.Message
		}
	}
	replicas := ""
	if s.Replicas != nil {
		replicas = strconv.Itoa(int(*s.Replicas))
	}
	row := []string{s.Name, status, s.reason, replicas, s.Version, strconv.Itoa(len(s.Plan)), Age(s.CreatedAt, now), message}
	if o.namespaces {
		row = append([]string{s.Namespace}, row...)
	}
	o.table.Row(row...)
}

// Flush writes the table.
func (o *Overview) Flush() error { return o.table.Flush() }
