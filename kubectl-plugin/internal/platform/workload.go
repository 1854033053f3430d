// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

const (
	mostPods       = 1000 // of a resource that are looked at
	mostCharacters = 240  // of what a container said last
)

// PodSelector selects the pods of services of a resource.
func PodSelector(name string, services ...string) string {
	return fmt.Sprintf("%s=%s,%s in (%s)", LabelInstance, name, LabelName, strings.Join(services, ","))
}

// Pods lists the pods of services of a resource by name.
func (c *Client) Pods(ctx context.Context, namespace, name string, services ...string) ([]corev1.Pod, error) {
	return c.PodsBySelector(ctx, namespace, PodSelector(name, services...))
}

// PodsBySelector lists pods by name.
func (c *Client) PodsBySelector(ctx context.Context, namespace, selector string) ([]corev1.Pod, error) {
	var pods []corev1.Pod
	options := metav1.ListOptions{LabelSelector: selector, Limit: pageSize}
	for {
		list, err := c.Kube.CoreV1().Pods(namespace).List(ctx, options)
		if err != nil {
			return nil, c.Explain(err, problem.Request{Verb: "list", Resource: "pods", Namespace: namespace})
		}
		pods = append(pods, list.Items...)
		if options.Continue = list.Continue; options.Continue == "" || len(pods) >= mostPods {
			break
		}
	}
	slices.SortFunc(pods, func(a, b corev1.Pod) int { return strings.Compare(a.Name, b.Name) })
	return pods, nil
}

// PodProblem says why a pod does not run as it should; empty when it does, or only starts.
func PodProblem(pod *corev1.Pod) string {
	if pod.DeletionTimestamp != nil {
		return ""
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Status == corev1.ConditionFalse {
			return condition.Reason + ": " + condition.Message
		}
	}
	for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if found := containerProblem(status); found != "" {
			return found
		}
	}
	if pod.Status.Phase == corev1.PodFailed {
		return strings.TrimSuffix(pod.Status.Reason+": "+pod.Status.Message, ": ")
	}
	return ""
}

func containerProblem(status corev1.ContainerStatus) string {
	waiting, ended := status.State.Waiting, status.State.Terminated
	if ended == nil {
		ended = status.LastTerminationState.Terminated
	}
	switch {
	case waiting != nil && waiting.Reason == "CrashLoopBackOff" && ended != nil:
		return waiting.Reason + ": " + end(ended)
	case waiting != nil && waiting.Reason != "ContainerCreating" && waiting.Reason != "PodInitializing":
		return strings.TrimSuffix(waiting.Reason+": "+waiting.Message, ": ")
	case waiting == nil && !status.Ready && ended != nil && ended.ExitCode != 0:
		return end(ended)
	default:
		return ""
	}
}

func end(ended *corev1.ContainerStateTerminated) string {
	text := fmt.Sprintf("ended with exit code %d (%s)", ended.ExitCode, ended.Reason)
	lines := strings.Split(strings.TrimSpace(ended.Message), "\n")
	if last := lines[len(lines)-1]; last != "" {
		if runes := []rune(last); len(runes) > mostCharacters {
			last = string(runes[:mostCharacters]) + "..."
		}
		text += ", last words: " + last
	}
	return text
}

// IsPodReady tells whether a pod takes requests.
func IsPodReady(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(condition corev1.PodCondition) bool {
		return condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue
	})
}

// Restarts is how often the containers of a pod were started again.
func Restarts(pod *corev1.Pod) int32 {
	var sum int32
	for _, status := range pod.Status.ContainerStatuses {
		sum += status.RestartCount
	}
	return sum
}

// Restarted says how far the restart that was asked for at a time is, and whether it is done.
func (c *Client) Restarted(ctx context.Context, namespace, name, at string) (done bool, progress string, err error) {
	done = true
	var parts []string
	for _, service := range Services {
		deployment, err := c.Kube.AppsV1().Deployments(namespace).Get(ctx, name+"-"+service, metav1.GetOptions{})
		if err != nil {
			return false, "", c.Explain(err, problem.Request{
				Verb: "get", Resource: "deployments.apps", Namespace: namespace, Name: name + "-" + service,
			})
		}
		if deployment.Spec.Template.Annotations[AnnotationRestart] != at {
			done = false
			parts = append(parts, service+" waits for its turn")
			continue
		}
		ready, desired, complete := rollout(deployment)
		done = done && complete
		parts = append(parts, fmt.Sprintf("%s: %d of %d new pods available", service, ready, desired))
	}
	return done, strings.Join(parts, "; "), nil
}

// rollout tells how far the Deployment controller is, as class Rollout of the operator does.
func rollout(deployment *appsv1.Deployment) (ready, desired int32, complete bool) {
	desired = 1
	if deployment.Spec.Replicas != nil {
		desired = *deployment.Spec.Replicas
	}
	status := deployment.Status
	if status.ObservedGeneration < deployment.Generation {
		return 0, desired, false
	}
	old := status.Replicas - status.UpdatedReplicas
	ready = min(max(status.AvailableReplicas-old, 0), status.UpdatedReplicas)
	complete = status.UpdatedReplicas == desired && status.Replicas == desired && status.AvailableReplicas == desired
	return ready, desired, complete
}

// Operator is the program that serves the resources.
type Operator struct {
	Namespace  string             `json:"namespace"`
	Name       string             `json:"name"`
	Image      string             `json:"image"`
	Version    string             `json:"version"`
	Ready      int32              `json:"ready"`
	Desired    int32              `json:"desired"`
	Deployment *appsv1.Deployment `json:"-"`
}

// Operators finds the operators in a namespace, or in all when it is empty. Who may not look everywhere gets those of
// taskplatform-system, where the README installs it.
func (c *Client) Operators(ctx context.Context, namespace string) ([]Operator, error) {
	list, err := c.Kube.AppsV1().Deployments(namespace).List(ctx, metav1.ListOptions{LabelSelector: selectorOfTheOp, Limit: pageSize})
	if namespace == "" && apierrors.IsForbidden(err) {
		if found, second := c.Operators(ctx, operatorsOwnDefault); second == nil {
			return found, nil
		}
	}
	if err != nil {
		return nil, c.Explain(err, problem.Request{Verb: "list", Resource: "deployments.apps", Namespace: namespace})
	}
	var found []Operator
	for i := range list.Items {
		found = append(found, newOperator(&list.Items[i]))
	}
	return found, nil
}

func newOperator(deployment *appsv1.Deployment) Operator {
	ready, desired, _ := rollout(deployment)
	operator := Operator{
		Namespace: deployment.Namespace, Name: deployment.Name, Ready: ready, Desired: desired,
		Version: deployment.Labels[LabelVersion], Deployment: deployment,
	}
	if containers := deployment.Spec.Template.Spec.Containers; len(containers) > 0 {
		operator.Image = containers[0].Image
		if tag := tagOf(operator.Image); tag != "" {
			operator.Version = tag
		}
	}
	return operator
}

// tagOf is the tag of an image's reference; what runs says more than the chart's label.
func tagOf(image string) string {
	name, _, _ := strings.Cut(image, "@")
	last := name[strings.LastIndex(name, "/")+1:]
	_, tag, _ := strings.Cut(last, ":")
	return tag
}

// OperatorPods lists the pods of an operator.
func (c *Client) OperatorPods(ctx context.Context, operator Operator) ([]corev1.Pod, error) {
	return c.PodsBySelector(ctx, operator.Namespace, metav1.FormatLabelSelector(operator.Deployment.Spec.Selector))
}

// Poll calls look every second until it is done or fails. An API server that has answered and is away for a moment is waited for.
func Poll(ctx context.Context, look func() (done bool, err error)) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	answered := false
	for {
		done, err := look()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && (!answered || !problem.IsPassing(err)) {
			return err
		}
		answered = true
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}
