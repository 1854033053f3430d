// SPDX-License-Identifier: Apache-2.0

// Package platform reads and changes TaskPlatform resources and what belongs to them.
package platform

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Labels and annotations of the operator, as in operator/controller.
const (
	LabelInstance       = "app.kubernetes.io/instance"
	LabelName           = "app.kubernetes.io/name"
	LabelVersion        = "app.kubernetes.io/version"
	AnnotationApproved  = "taskplatform.dev/approved"
	AnnotationRestart   = "taskplatform.dev/restarted-at"
	annotationHealth    = "taskplatform.dev/health"
	annotationReason    = "taskplatform.dev/reason"
	annotationMessage   = "taskplatform.dev/message"
	healthFailed        = "Failed"
	selectorOfTheOp     = "app.kubernetes.io/component=operator,app.kubernetes.io/part-of=taskplatform"
	fieldManager        = "kubectl-taskplatform"
	operatorsOwnDefault = "taskplatform-system"
	conditionReady      = "Ready"
	conditionRolledBack = "RolledBack"
)

// Services are the names of both services, in the order in which a change reaches them.
var Services = []string{"user-service", "task-service"}

// The resources of the group taskplatform.dev.
var (
	Resource       = schema.GroupVersionResource{Group: "taskplatform.dev", Version: "v1alpha1", Resource: "taskplatforms"}
	BackupResource = schema.GroupVersionResource{Group: "taskplatform.dev", Version: "v1alpha1", Resource: "taskplatformbackups"}
)

// Status is the part of the resource that the operator writes: TaskPlatformStatus in operator/api.
type Status struct {
	ObservedGeneration int64              `json:"observedGeneration,omitempty"`
	Conditions         []metav1.Condition `json:"conditions,omitempty"`
	Services           []ServiceStatus    `json:"services,omitempty"`
	Replicas           *int32             `json:"replicas,omitempty"`
	Version            string             `json:"version,omitempty"`
	Revision           string             `json:"revision,omitempty"`
	Plan               []PlannedChange    `json:"plan,omitempty"`
	PlanRevision       string             `json:"planRevision,omitempty"`
	Warnings           []string           `json:"warnings,omitempty"`
}

// ServiceStatus is the state of a service.
type ServiceStatus struct {
	Name     string `json:"name"`
	Desired  int32  `json:"desired"`
	Ready    int32  `json:"ready"`
	Image    string `json:"image,omitempty"`
	Revision string `json:"revision,omitempty"`
	URL      string `json:"url,omitempty"`
}

// PlannedChange is a change that has not been made yet.
type PlannedChange struct {
	Kind         string `json:"kind"`
	Name         string `json:"name"`
	Change       string `json:"change"`
	RestartsPods bool   `json:"restartsPods"`
	Reason       string `json:"reason,omitempty"`
}

// Platform is a TaskPlatform resource.
type Platform struct {
	Object *unstructured.Unstructured // as the API server has it
	Status Status
}

func newPlatform(object *unstructured.Unstructured) (*Platform, error) {
	found := &Platform{Object: object}
	status, _, err := unstructured.NestedMap(object.Object, "status")
	if err == nil {
		err = runtime.DefaultUnstructuredConverter.FromUnstructured(status, &found.Status)
	}
	if err != nil {
		return nil, fmt.Errorf("the status of TaskPlatform %s/%s is none that this plugin can read: %w",
			object.GetNamespace(), object.GetName(), err)
	}
	return found, nil
}

// Name is the resource's name.
func (p *Platform) Name() string { return p.Object.GetName() }

// Namespace is the resource's namespace.
func (p *Platform) Namespace() string { return p.Object.GetNamespace() }

// Paused tells whether the operator changes nothing.
func (p *Platform) Paused() bool {
	paused, _, _ := unstructured.NestedBool(p.Object.Object, "spec", "paused")
	return paused
}

// UpgradePolicy tells whether a new version of the operator may restart pods unasked.
func (p *Platform) UpgradePolicy() string {
	if policy, _, _ := unstructured.NestedString(p.Object.Object, "spec", "upgradePolicy"); policy != "" {
		return policy
	}
	return "Manual"
}

// Database says where the data lives.
func (p *Platform) Database() string {
	if name, found, _ := unstructured.NestedString(p.Object.Object, "spec", "database", "postgres", "secretName"); found {
		return "PostgreSQL, connection in Secret " + name
	}
	if size, found, _ := unstructured.NestedFieldNoCopy(p.Object.Object, "spec", "database", "embedded", "storage", "size"); found {
		return fmt.Sprintf("embedded, %v for each service", size)
	}
	return "embedded"
}

// Backups says when backups are made unasked; empty when the resource has nothing about backups.
func (p *Platform) Backups() string {
	if schedule, found, _ := unstructured.NestedString(p.Object.Object, "spec", "backup", "schedule"); found {
		return "scheduled, " + schedule
	}
	if _, found, _ := unstructured.NestedMap(p.Object.Object, "spec", "backup"); found {
		return "on demand"
	}
	return ""
}

// Condition finds a condition by type; nil when the operator has not written it.
func (p *Platform) Condition(kind string) *metav1.Condition {
	for i := range p.Status.Conditions {
		if p.Status.Conditions[i].Type == kind {
			return &p.Status.Conditions[i]
		}
	}
	return nil
}

// IsCurrent tells whether the status is about the spec as it is now.
func (p *Platform) IsCurrent() bool { return p.Status.ObservedGeneration >= p.Object.GetGeneration() }

// IsReady tells whether everything that the spec asks for runs.
func (p *Platform) IsReady() bool {
	ready := p.Condition(conditionReady)
	return p.IsCurrent() && ready != nil && ready.Status == metav1.ConditionTrue
}

// IsHeld tells whether changes of the spec wait because the resource is paused.
func (p *Platform) IsHeld() bool { return p.Paused() && !p.IsCurrent() && len(p.Status.Plan) > 0 }

// HeldBack is the number of changes that wait, in words.
func (p *Platform) HeldBack() string {
	if len(p.Status.Plan) == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", len(p.Status.Plan))
}

// IsRolledBack tells whether what the spec asks for was taken back because it did not become healthy.
func (p *Platform) IsRolledBack() bool {
	rolledBack := p.Condition(conditionRolledBack)
	return rolledBack != nil && rolledBack.Status == metav1.ConditionTrue
}

// RolledBackFrom tells whether it is the change that a ControllerRevision remembers which was taken back. The operator names it in the
// condition's message, and nowhere else.
func (p *Platform) RolledBackFrom(revision string) bool {
	return p.IsRolledBack() && slices.Contains(strings.FieldsFunc(p.Condition(conditionRolledBack).Message, func(r rune) bool {
		return r != '-' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), revision)
}

// Progress says in one line how far the operator is.
func (p *Platform) Progress() string {
	ready := p.Condition(conditionReady)
	switch {
	case ready == nil:
		return "the operator has not looked at it yet: does it run? kubectl taskplatform version"
	case p.IsHeld():
		return "it is paused, which holds back " + p.HeldBack()
	case !p.IsCurrent():
		return "the operator has not seen the newest change yet"
	default:
		return ready.Reason + ": " + ready.Message
	}
}

// Backup is a TaskPlatformBackup resource.
type Backup struct {
	Object   *unstructured.Unstructured
	Platform string
	Status   BackupStatus
}

// BackupStatus is what the operator says of a backup.
type BackupStatus struct {
	Phase       string          `json:"phase,omitempty"`
	Message     string          `json:"message,omitempty"`
	StartedAt   *metav1.Time    `json:"startedAt,omitempty"`
	CompletedAt *metav1.Time    `json:"completedAt,omitempty"`
	Path        string          `json:"path,omitempty"`
	Services    []BackupService `json:"services,omitempty"`
}

// BackupService is what was saved of one service.
type BackupService struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
}

// Phases of a backup.
const (
	BackupCompleted = "Completed"
	BackupFailed    = "Failed"
)

func newBackup(object *unstructured.Unstructured) (*Backup, error) {
	found := &Backup{Object: object}
	found.Platform, _, _ = unstructured.NestedString(object.Object, "spec", "taskPlatformName")
	status, _, err := unstructured.NestedMap(object.Object, "status")
	if err == nil {
		err = runtime.DefaultUnstructuredConverter.FromUnstructured(status, &found.Status)
	}
	if err != nil {
		return nil, fmt.Errorf("the status of TaskPlatformBackup %s/%s is none that this plugin can read: %w",
			object.GetNamespace(), object.GetName(), err)
	}
	return found, nil
}

// Name is the backup's name.
func (b *Backup) Name() string { return b.Object.GetName() }

// Phase is Pending until the operator has written another.
func (b *Backup) Phase() string {
	if b.Status.Phase == "" {
		return "Pending"
	}
	return b.Status.Phase
}

// Bytes is the size of all services' data.
func (b *Backup) Bytes() int64 {
	var sum int64
	for _, service := range b.Status.Services {
		sum += service.Bytes
	}
	return sum
}

// Rows is the number of all services' rows.
func (b *Backup) Rows() int64 {
	var sum int64
	for _, service := range b.Status.Services {
		sum += service.Rows
	}
	return sum
}

// Duration is how long it took; zero while it is not over.
func (b *Backup) Duration() time.Duration {
	if b.Status.StartedAt == nil || b.Status.CompletedAt == nil {
		return 0
	}
	return b.Status.CompletedAt.Sub(b.Status.StartedAt.Time)
}
