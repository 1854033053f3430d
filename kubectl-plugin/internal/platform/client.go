// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

const (
	requestTimeout = 30 * time.Second // unless --request-timeout says another
	pageSize       = 250              // objects that the API server is asked for at once
	attempts       = 5                // of a change that somebody else's change came before
	nobodysHost    = "http://localhost:8080"
)

// Client is access to one cluster.
type Client struct {
	Kube    kubernetes.Interface
	Streams kubernetes.Interface // without a time limit, for logs that are followed
	Dynamic dynamic.Interface
	Host    string
}

// Connect reads the kubeconfig; it sends nothing yet. What the API server warns of goes to warnings.
func Connect(flags *genericclioptions.ConfigFlags, warnings io.Writer) (*Client, error) {
	config, err := flags.ToRESTConfig()
	if err != nil {
		return nil, problem.Kubeconfig(err)
	}
	// What client-go takes for granted when nobody has said anything.
	if raw, err := flags.ToRawKubeConfigLoader().RawConfig(); err == nil && len(raw.Clusters) == 0 && config.Host == nobodysHost {
		return nil, problem.Kubeconfig(clientcmd.ErrEmptyConfig)
	}
	config.UserAgent = fieldManager
	config.QPS, config.Burst = 50, 100
	config.WarningHandler = rest.NewWarningWriter(warnings, rest.WarningWriterOptions{Deduplicate: true})
	limited := rest.CopyConfig(config)
	if limited.Timeout == 0 {
		limited.Timeout = requestTimeout
	}
	client := &Client{Host: config.Host}
	if client.Kube, err = kubernetes.NewForConfig(limited); err != nil {
		return nil, problem.Kubeconfig(err)
	}
	if client.Dynamic, err = dynamic.NewForConfig(limited); err != nil {
		return nil, problem.Kubeconfig(err)
	}
	if client.Streams, err = kubernetes.NewForConfig(config); err != nil {
		return nil, problem.Kubeconfig(err)
	}
	return client, nil
}

// ServerVersion is the version of Kubernetes.
func (c *Client) ServerVersion() (string, error) {
	version, err := c.Kube.Discovery().ServerVersion()
	if err != nil {
		return "", c.Explain(err, problem.Request{Verb: "get", Resource: "/version"})
	}
	return version.GitVersion, nil
}

// Explain says what went wrong with a request to this cluster.
func (c *Client) Explain(err error, request problem.Request) error {
	return problem.Explain(err, c.Host, request)
}

// Pages calls each with every object of a list, page after page, until it returns false.
func (c *Client) Pages(ctx context.Context, resource schema.GroupVersionResource, namespace, selector string,
	each func(*unstructured.Unstructured) bool,
) error {
	options := metav1.ListOptions{LabelSelector: selector, Limit: pageSize}
	for {
		list, err := c.Dynamic.Resource(resource).Namespace(namespace).List(ctx, options)
		if err != nil {
			return c.Explain(err, problem.Request{Verb: "list", Resource: resource.GroupResource().String(), Namespace: namespace})
		}
		for i := range list.Items {
			if !each(&list.Items[i]) {
				return nil
			}
		}
		if options.Continue = list.GetContinue(); options.Continue == "" {
			return nil
		}
	}
}

// Get reads one resource. When there is none, the Problem says which there are.
func (c *Client) Get(ctx context.Context, namespace, name string) (*Platform, error) {
	object, err := c.Dynamic.Resource(Resource).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) && !problem.IsMissingKind(err) {
		return nil, c.noSuch(ctx, namespace, name, err)
	}
	if err != nil {
		return nil, c.Explain(err, problem.Request{Verb: "get", Resource: Resource.GroupResource().String(), Namespace: namespace, Name: name})
	}
	return newPlatform(object)
}

func (c *Client) noSuch(ctx context.Context, namespace, name string, cause error) error {
	var here, elsewhere []string
	note := func(object *unstructured.Unstructured) bool {
		switch {
		case object.GetNamespace() == namespace:
			here = append(here, object.GetName())
		case object.GetName() == name:
			elsewhere = append(elsewhere, object.GetNamespace())
		}
		return len(here) < 10 && len(elsewhere) < 10
	}
	// Only help: who may not list all namespaces may list this one, or nothing.
	if err := c.Pages(ctx, Resource, "", "", note); err != nil {
		here, elsewhere = nil, nil
		_ = c.Pages(ctx, Resource, namespace, "", note)
	}
	what := fmt.Sprintf("there is no TaskPlatform %q in namespace %s", name, namespace)
	switch {
	case len(elsewhere) > 0:
		return problem.From(cause, what, fmt.Sprintf("There is one in: %s. Add -n %s", strings.Join(elsewhere, ", "), elsewhere[0]))
	case len(here) > 0:
		return problem.From(cause, what, "There are: "+strings.Join(here, ", "))
	default:
		return problem.From(cause, what, "See all that there are: kubectl taskplatform status -A")
	}
}

// List reads the resources of a namespace, or of all when it is empty.
func (c *Client) List(ctx context.Context, namespace string, each func(*Platform) error) error {
	var failed error
	err := c.Pages(ctx, Resource, namespace, "", func(object *unstructured.Unstructured) bool {
		var found *Platform
		if found, failed = newPlatform(object); failed == nil {
			failed = each(found)
		}
		return failed == nil
	})
	if err != nil {
		return err
	}
	return failed
}

// patch merges a change into a resource, if it is still the one that was read.
func (c *Client) patch(ctx context.Context, read *Platform, change map[string]any) error {
	metadata, _ := change["metadata"].(map[string]any)
	if metadata == nil {
		metadata = map[string]any{}
	}
	metadata["resourceVersion"] = read.Object.GetResourceVersion()
	metadata["uid"] = string(read.Object.GetUID())
	change["metadata"] = metadata
	body, err := json.Marshal(change)
	if err != nil {
		return err
	}
	_, err = c.Dynamic.Resource(Resource).Namespace(read.Namespace()).
		Patch(ctx, read.Name(), types.MergePatchType, body, metav1.PatchOptions{FieldManager: fieldManager})
	return err
}

// Change reads a resource, asks decide what to merge into it (nil: nothing), and does so; when somebody else changed it in between,
// all of it again. It returns the resource as decide saw it last.
func (c *Client) Change(ctx context.Context, namespace, name string, decide func(*Platform) (map[string]any, error)) (*Platform, error) {
	for attempt := 1; ; attempt++ {
		read, err := c.Get(ctx, namespace, name)
		if err != nil {
			return nil, err
		}
		change, err := decide(read)
		if err != nil || change == nil {
			return read, err
		}
		err = c.patch(ctx, read, change)
		if apierrors.IsConflict(err) && attempt < attempts {
			continue
		}
		return read, c.Explain(err, problem.Request{
			Verb: "patch", Resource: Resource.GroupResource().String(), Namespace: namespace, Name: name,
		})
	}
}

// Annotation is a change for Change.
func Annotation(name, value string) map[string]any {
	return map[string]any{"metadata": map[string]any{"annotations": map[string]any{name: value}}}
}

// SetPaused is a change for Change. To resume removes the field, so that no manager of it is left behind.
func SetPaused(paused bool) map[string]any {
	var value any
	if paused {
		value = true
	}
	return map[string]any{"spec": map[string]any{"paused": value}}
}

// FailedRevision is a change that was taken back, as a ControllerRevision remembers it.
type FailedRevision struct {
	Name    string
	Reason  string
	Message string
	Number  int64
	UID     types.UID
}

// FailedRevisions lists what the operator will not try again, the newest first.
func (c *Client) FailedRevisions(ctx context.Context, owner *Platform) ([]FailedRevision, error) {
	var found []FailedRevision
	resource := schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "controllerrevisions"}
	err := c.Pages(ctx, resource, owner.Namespace(), LabelInstance+"="+owner.Name(), func(object *unstructured.Unstructured) bool {
		annotations := object.GetAnnotations()
		controller := metav1.GetControllerOf(object)
		if annotations[annotationHealth] == healthFailed && controller != nil && controller.Kind == "TaskPlatform" {
			number, _, _ := unstructured.NestedInt64(object.Object, "revision")
			found = append(found, FailedRevision{
				object.GetName(), annotations[annotationReason], annotations[annotationMessage], number, object.GetUID(),
			})
		}
		return true
	})
	slices.SortFunc(found, func(a, b FailedRevision) int { return int(b.Number - a.Number) })
	return found, err
}

// Forget makes the operator try a change again. That it is forgotten already is no error.
func (c *Client) Forget(ctx context.Context, namespace string, revision FailedRevision) error {
	err := c.Kube.AppsV1().ControllerRevisions(namespace).Delete(ctx, revision.Name,
		metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &revision.UID}})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return c.Explain(err, problem.Request{Verb: "delete", Resource: "controllerrevisions.apps", Namespace: namespace, Name: revision.Name})
}
