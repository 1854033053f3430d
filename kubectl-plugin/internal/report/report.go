// SPDX-License-Identifier: Apache-2.0

// Package report gathers what somebody needs who is to find out what is wrong with a resource, without any value of a Secret.
package report

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"taskplatform.dev/kubectl-taskplatform/internal/logs"
	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

const (
	mostObjects  = 500     // of a kind
	mostEvents   = 20_000  // of the namespace that are looked through
	mostPods     = 50      // whose logs are read
	mostLogBytes = 1 << 20 // of a container, the last ones
)

// kinds are those of the children; the first one's names also are names of what events are about.
var kinds = []schema.GroupVersionResource{
	{Group: "apps", Version: "v1", Resource: "deployments"},
	{Group: "apps", Version: "v1", Resource: "replicasets"},
	{Group: "", Version: "v1", Resource: "pods"},
	{Group: "", Version: "v1", Resource: "services"},
	{Group: "", Version: "v1", Resource: "configmaps"},
	{Group: "", Version: "v1", Resource: "serviceaccounts"},
	{Group: "", Version: "v1", Resource: "persistentvolumeclaims"},
	{Group: "autoscaling", Version: "v2", Resource: "horizontalpodautoscalers"},
	{Group: "policy", Version: "v1", Resource: "poddisruptionbudgets"},
	{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"},
	{Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"},
	{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices"},
	{Group: "apps", Version: "v1", Resource: "controllerrevisions"},
	{Group: "batch", Version: "v1", Resource: "jobs"},
	{Group: "batch", Version: "v1", Resource: "cronjobs"},
	{Group: "gateway.networking.k8s.io", Version: "v1", Resource: "httproutes"}, // which a cluster may lack
}

// Options say how much is gathered.
type Options struct {
	Plugin   string // version of this program
	LogLines int64  // of each container, the last ones
	MaxSize  int64  // bytes of all files before they are compressed
	Now      time.Time
	Page     func(context.Context) (string, error) // what `status` prints
}

type gatherer struct {
	client    *platform.Client
	options   Options
	archive   *archive
	found     *platform.Platform
	about     map[string]bool // kind/name of everything that events may be about
	secrets   []map[string]any
	operators []platform.Operator
}

// Write gathers everything about a resource as a tar.gz. What can't be read is said in its errors.txt, and returned; an error is one
// of writing, or that of ctx.
func Write(ctx context.Context, client *platform.Client, found *platform.Platform, options Options, out io.Writer) ([]string, error) {
	folder := fmt.Sprintf("taskplatform-report-%s-%s", found.Namespace(), found.Name())
	g := &gatherer{
		client: client, options: options, found: found, about: map[string]bool{},
		archive: newArchive(out, folder, options.Now, options.MaxSize),
	}
	g.about["TaskPlatform/"+found.Name()] = true
	// Secrets come first, since the others must not contain their values.
	if err := g.readSecrets(ctx); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{
		g.summary, g.children, g.backups, g.events, g.operator, g.podLogs,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return g.archive.errors, g.archive.close()
}

func (g *gatherer) summary(ctx context.Context) error {
	kubernetes, err := g.client.ServerVersion()
	if err != nil {
		g.archive.failed("version of Kubernetes", err)
	}
	facts := map[string]any{
		"createdAt": g.options.Now.UTC().Format(time.RFC3339), "plugin": g.options.Plugin, "kubernetes": kubernetes,
		"name": g.found.Name(), "namespace": g.found.Namespace(),
	}
	if err := g.archive.object("report.yaml", facts); err != nil {
		return err
	}
	page, err := g.options.Page(ctx)
	if err != nil {
		g.archive.failed("status", err)
	} else if err := g.archive.text("status.txt", page, false); err != nil {
		return err
	}
	if err := g.archive.object("taskplatform.yaml", g.found.Object.DeepCopy().Object); err != nil {
		return err
	}
	if len(g.secrets) == 0 {
		return nil
	}
	return g.archive.secrets(g.secrets)
}

// readSecrets lists names and keys of the Secrets that the resource made or names, and tells the redactor their values.
func (g *gatherer) readSecrets(ctx context.Context) error {
	secrets := map[string]*corev1.Secret{}
	namespace := g.found.Namespace()
	api := g.client.Kube.CoreV1().Secrets(namespace)
	list, err := api.List(ctx, metav1.ListOptions{LabelSelector: platform.LabelInstance + "=" + g.found.Name(), Limit: mostObjects})
	if err != nil {
		g.archive.failed("secrets", g.client.Explain(err, problem.Request{Verb: "list", Resource: "secrets", Namespace: namespace}))
	} else {
		for i := range list.Items {
			secrets[list.Items[i].Name] = &list.Items[i]
		}
	}
	for _, name := range namedSecrets(g.found.Object.Object["spec"]) {
		if secrets[name] != nil {
			continue
		}
		secret, err := api.Get(ctx, name, metav1.GetOptions{})
		switch {
		case apierrors.IsNotFound(err):
			g.archive.failed("secret "+name, errors.New("the resource names it, but there is none"))
		case err != nil:
			g.archive.failed("secret "+name, g.client.Explain(err, problem.Request{
				Verb: "get", Resource: "secrets", Namespace: namespace, Name: name,
			}))
		default:
			secrets[name] = secret
		}
	}
	var values []map[string][]byte
	for _, secret := range secrets {
		values = append(values, secret.Data)
		g.secrets = append(g.secrets, outline(secret))
		g.about["Secret/"+secret.Name] = true
	}
	slices.SortFunc(g.secrets, func(a, b map[string]any) int { return strings.Compare(a["name"].(string), b["name"].(string)) })
	g.archive.redactor = NewRedactor(values)
	return ctx.Err()
}

// outline is all of a Secret that gets into a report: not even its annotations, since kubectl keeps what it applied there.
func outline(secret *corev1.Secret) map[string]any {
	keys := map[string]any{}
	for key, value := range secret.Data {
		keys[key] = fmt.Sprintf("%d bytes", len(value))
	}
	labels := map[string]any{}
	for key, value := range secret.Labels {
		labels[key] = value
	}
	return map[string]any{
		"name": secret.Name, "type": string(secret.Type), "createdAt": secret.CreationTimestamp.UTC().Format(time.RFC3339),
		"labels": labels, "keys": keys, "resourceVersion": secret.ResourceVersion,
	}
}

// namedSecrets finds the Secrets that a spec names: in fields that end in secretName, and as Kubernetes itself refers to them.
func namedSecrets(value any) []string {
	var found []string
	switch inner := value.(type) {
	case map[string]any:
		for key, value := range inner {
			name, is := value.(string)
			reference, _ := value.(map[string]any)
			referred, _ := reference["name"].(string)
			switch {
			case is && name != "" && strings.HasSuffix(strings.ToLower(key), "secretname"):
				found = append(found, name)
			case referred != "" && slices.Contains([]string{"secretKeyRef", "secretRef", "secret"}, key):
				found = append(found, referred)
			default:
				found = append(found, namedSecrets(value)...)
			}
		}
	case []any:
		for _, value := range inner {
			found = append(found, namedSecrets(value)...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// secrets adds the outlines of Secrets. Their keys are called as secrets are, so only the texts are redacted.
func (a *archive) secrets(outlines []map[string]any) error {
	var text strings.Builder
	for _, outline := range outlines {
		fmt.Fprintf(&text, "%s  type %s, made %s, version %s\n", outline["name"], outline["type"], outline["createdAt"], outline["resourceVersion"])
		keys := outline["keys"].(map[string]any)
		for _, key := range sorted(keys) {
			fmt.Fprintf(&text, "  %s  %s\n", key, keys[key])
		}
		labels := outline["labels"].(map[string]any)
		for _, label := range sorted(labels) {
			fmt.Fprintf(&text, "  label %s = %s\n", label, labels[label])
		}
	}
	return a.text("secrets.txt", text.String(), false)
}

func sorted(values map[string]any) []string {
	var keys []string
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (g *gatherer) children(ctx context.Context) error {
	for _, kind := range kinds {
		count := 0
		var failed error
		err := g.client.Pages(ctx, kind, g.found.Namespace(), platform.LabelInstance+"="+g.found.Name(), func(object *unstructured.Unstructured) bool {
			g.about[object.GetKind()+"/"+object.GetName()] = true
			failed = g.archive.object(kind.Resource+"/"+object.GetName()+".yaml", object.Object)
			count++
			return failed == nil && count < mostObjects
		})
		switch {
		case failed != nil:
			return failed
		case problem.IsMissingKind(err):
		case err != nil:
			g.archive.failed(kind.Resource, err)
		case count == mostObjects:
			g.archive.failed(kind.Resource, fmt.Errorf("only the first %d were looked at", mostObjects))
		}
	}
	return nil
}

func (g *gatherer) backups(ctx context.Context) error {
	backups, err := g.client.Backups(ctx, g.found.Namespace(), g.found.Name())
	if err != nil {
		g.archive.failed("backups", err)
	}
	for i, backup := range backups {
		if i == mostObjects {
			break
		}
		g.about["TaskPlatformBackup/"+backup.Name()] = true
		if err := g.archive.object("backups/"+backup.Name()+".yaml", backup.Object.Object); err != nil {
			return err
		}
	}
	return nil
}

// events are those about the resource and its children, the oldest first.
func (g *gatherer) events(ctx context.Context) error {
	return g.eventsOf(ctx, "events.txt", g.found.Namespace(), func(event *corev1.Event) bool {
		return g.about[event.InvolvedObject.Kind+"/"+event.InvolvedObject.Name]
	})
}

func (g *gatherer) eventsOf(ctx context.Context, file, namespace string, wanted func(*corev1.Event) bool) error {
	var events []corev1.Event
	looked := 0
	resource := schema.GroupVersionResource{Version: "v1", Resource: "events"}
	err := g.client.Pages(ctx, resource, namespace, "", func(object *unstructured.Unstructured) bool {
		var event corev1.Event
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &event); err == nil && wanted(&event) {
			events = append(events, event)
		}
		looked++
		return looked < mostEvents
	})
	if err != nil {
		g.archive.failed("events of namespace "+namespace, err)
		return nil
	}
	if looked == mostEvents {
		g.archive.failed("events of namespace "+namespace, fmt.Errorf("only the first %d were looked at", mostEvents))
	}
	slices.SortStableFunc(events, func(a, b corev1.Event) int { return lastSeen(&a).Compare(lastSeen(&b)) })
	var text strings.Builder
	for i := range events {
		event := &events[i]
		fmt.Fprintf(&text, "%s  %-7s  x%d  %s/%s  %s: %s\n", lastSeen(event).UTC().Format(time.RFC3339), event.Type, max(event.Count, 1),
			event.InvolvedObject.Kind, event.InvolvedObject.Name, event.Reason, strings.ReplaceAll(event.Message, "\n", " "))
	}
	return g.archive.text(file, text.String(), false)
}

func lastSeen(event *corev1.Event) time.Time {
	for _, at := range []time.Time{event.LastTimestamp.Time, event.EventTime.Time, event.FirstTimestamp.Time} {
		if !at.IsZero() {
			return at
		}
	}
	return event.CreationTimestamp.Time
}

func (g *gatherer) operator(ctx context.Context) error {
	operators, err := g.client.Operators(ctx, "")
	if err != nil {
		g.archive.failed("operator", err)
		return nil
	}
	for _, operator := range operators {
		folder := "operator/" + operator.Namespace + "-" + operator.Name
		object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(operator.Deployment)
		if err != nil {
			return err
		}
		if err := g.archive.object(folder+"/deployment.yaml", object); err != nil {
			return err
		}
		pods, err := g.client.OperatorPods(ctx, operator)
		if err != nil {
			g.archive.failed("pods of the operator", err)
		}
		names := map[string]bool{operator.Name: true}
		for i := range pods {
			pod := &pods[i]
			names[pod.Name] = true
			object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(pod)
			if err != nil {
				return err
			}
			if err := g.archive.object(folder+"/"+pod.Name+".yaml", object); err != nil {
				return err
			}
			if err := g.logsOf(ctx, folder, pod); err != nil {
				return err
			}
		}
		if err := g.eventsOf(ctx, folder+"/events.txt", operator.Namespace, func(event *corev1.Event) bool {
			return names[event.InvolvedObject.Name]
		}); err != nil {
			return err
		}
	}
	return nil
}

func (g *gatherer) podLogs(ctx context.Context) error {
	pods, err := g.client.PodsBySelector(ctx, g.found.Namespace(), platform.LabelInstance+"="+g.found.Name())
	if err != nil {
		g.archive.failed("logs", err)
	}
	for i := range pods {
		if i == mostPods {
			g.archive.failed("logs", fmt.Errorf("only those of the first %d of %d pods were read", mostPods, len(pods)))
			break
		}
		if err := g.logsOf(ctx, "logs", &pods[i]); err != nil {
			return err
		}
	}
	return nil
}

// logsOf adds what the containers of a pod say, and what they said before their last restart.
func (g *gatherer) logsOf(ctx context.Context, folder string, pod *corev1.Pod) error {
	for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		for _, previous := range []bool{false, true} {
			if previous && status.RestartCount == 0 {
				continue
			}
			name := fmt.Sprintf("%s/%s/%s", folder, pod.Name, status.Name)
			if previous {
				name += ".previous"
			}
			text, err := g.read(ctx, pod, status.Name, previous)
			if err != nil {
				g.archive.failed(name+".log", g.client.Explain(err, problem.Request{
					Verb: "get", Resource: "pods/log", Namespace: pod.Namespace, Name: pod.Name,
				}))
			}
			if text == "" {
				continue
			}
			if err := g.archive.text(name+".log", text, false); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// read keeps the end of a log: the API server's own limit of bytes would keep its start.
func (g *gatherer) read(ctx context.Context, pod *corev1.Pod, container string, previous bool) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	stream, err := logs.Open(ctx, g.client, pod.Namespace, pod.Name, container,
		&corev1.PodLogOptions{Previous: previous, Timestamps: true, TailLines: &g.options.LogLines})
	if err != nil {
		return "", err
	}
	defer stream.Close()
	var text []byte
	reader := bufio.NewReaderSize(stream, 64<<10)
	chunk := make([]byte, 64<<10)
	cut := false
	for {
		n, err := reader.Read(chunk)
		if text = append(text, chunk[:n]...); len(text) > 2*mostLogBytes {
			text = append(text[:0], text[len(text)-mostLogBytes:]...)
			cut = true
		}
		if err != nil {
			if len(text) > mostLogBytes {
				text, cut = text[len(text)-mostLogBytes:], true
			}
			if cut {
				text = append([]byte("[cut off]\n"), text[1+slices.Index(text, '\n'):]...)
			}
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return string(text), err
		}
	}
}
