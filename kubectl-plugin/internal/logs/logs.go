// SPDX-License-Identifier: Apache-2.0

// Package logs reads what containers have said.
package logs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"taskplatform.dev/kubectl-taskplatform/internal/platform"
	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

const (
	longestLine = 1 << 20         // bytes; the rest of a longer line is left out
	lookForPods = 2 * time.Second // between two looks for pods that are new
)

// deafness is about how long nobody listens between two streams, in seconds.
var deafness int64 = 2

// Options say what to read.
type Options struct {
	Selector   string
	Follow     bool
	Previous   bool
	Timestamps bool
	Since      time.Duration // zero: from the start
	Tail       int64         // lines of each container; negative: all
	Most       int           // containers that are read at once
}

// Reader prints the logs of several pods with the pods' names before the lines.
type Reader struct {
	client    *platform.Client
	namespace string
	options   Options
	out       io.Writer
	notes     io.Writer
	lock      sync.Mutex // of out and notes
}

// NewReader reads pods of one namespace. Notes are of what could not be read.
func NewReader(client *platform.Client, namespace string, options Options, out, notes io.Writer) *Reader {
	return &Reader{client: client, namespace: namespace, options: options, out: out, notes: notes}
}

// source is a container of a pod.
type source struct {
	pod, uid, container string
	alone               bool // the only container of its pod
}

func (s source) prefix() string {
	if s.alone {
		return s.pod
	}
	return s.pod + "/" + s.container
}

func (r *Reader) sources(ctx context.Context) ([]source, error) {
	pods, err := r.client.PodsBySelector(ctx, r.namespace, r.options.Selector)
	if err != nil {
		return nil, err
	}
	var found []source
	for _, pod := range pods {
		for _, container := range pod.Spec.Containers {
			found = append(found, source{pod.Name, string(pod.UID), container.Name, len(pod.Spec.Containers) == 1})
		}
	}
	return found, nil
}

// Print prints the logs, pod after pod, or with Follow as they come, until ctx ends. It returns the number of containers that it read.
func (r *Reader) Print(ctx context.Context) (int, error) {
	sources, err := r.sources(ctx)
	if err != nil {
		return 0, err
	}
	if len(sources) > r.options.Most {
		return 0, problem.New(fmt.Sprintf("there are %d containers, more than %d would be read at once", len(sources), r.options.Most),
			fmt.Sprintf("Name one service with --service, or allow more: --max-log-requests %d", len(sources)))
	}
	if r.options.Follow {
		return len(sources), r.follow(ctx, sources)
	}
	for _, from := range sources {
		if _, err := r.copy(ctx, from, r.first()); err != nil {
			if ctx.Err() != nil || apierrors.IsForbidden(err) {
				return 0, r.explain(err, from)
			}
			r.note("%s: %s", from.prefix(), r.explain(err, from))
		}
	}
	return len(sources), nil
}

func (r *Reader) first() *corev1.PodLogOptions {
	options := &corev1.PodLogOptions{Timestamps: true, Follow: r.options.Follow, Previous: r.options.Previous}
	if r.options.Tail >= 0 {
		options.TailLines = &r.options.Tail
	}
	if r.options.Since > 0 {
		seconds := int64(max(r.options.Since, time.Second) / time.Second)
		options.SinceSeconds = &seconds
	}
	return options
}

// follow reads each container in a goroutine of its own, those that come later from their start.
func (r *Reader) follow(ctx context.Context, sources []source) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	defer running.Wait()
	known := map[source]bool{}
	start := func(sources []source, options *corev1.PodLogOptions) {
		for _, from := range sources {
			if known[from] {
				continue
			}
			if len(known) >= r.options.Most {
				forget(known, sources)
			}
			if len(known) >= r.options.Most {
				r.note("%s is not read: more than %d containers at once (--max-log-requests)", from.prefix(), r.options.Most)
				continue
			}
			known[from] = true
			running.Go(func() { r.followOne(ctx, cancel, from, options) })
		}
	}
	start(sources, r.first())
	ticker := time.NewTicker(lookForPods)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return r.ended(ctx)
		case <-ticker.C:
		}
		sources, err := r.sources(ctx)
		switch {
		case err == nil:
			start(sources, &corev1.PodLogOptions{Timestamps: true, Follow: true})
		case ctx.Err() == nil && !problem.IsPassing(err):
			return err
		}
	}
}

// ended is no error when the person has ended it.
func (r *Reader) ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// forget leaves out pods that are gone.
func forget(known map[source]bool, present []source) {
	there := map[source]bool{}
	for _, from := range present {
		there[from] = true
	}
	for from := range known {
		if !there[from] {
			delete(known, from)
		}
	}
}

// followOne reads a container until its pod is gone: over its restarts, and over connections that break.
func (r *Reader) followOne(ctx context.Context, fail context.CancelCauseFunc, from source, options *corev1.PodLogOptions) {
	said := ""
	for {
		last, err := r.copy(ctx, from, options)
		switch {
		case ctx.Err() != nil || apierrors.IsNotFound(err):
			return
		case apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err):
			fail(r.explain(err, from))
			return
		case err != nil && err.Error() != said:
			said = err.Error()
			r.note("%s: %s", from.prefix(), r.explain(err, from))
		}
		switch {
		case !last.IsZero():
			since := metav1.NewTime(last)
			options = &corev1.PodLogOptions{Timestamps: true, Follow: true, SinceTime: &since}
		case err == nil: // it said nothing yet: what it says while nobody listens is not to be cut off by Tail
			options = &corev1.PodLogOptions{Timestamps: true, Follow: true, SinceSeconds: &deafness}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

func (r *Reader) explain(err error, from source) error {
	return r.client.Explain(err, problem.Request{Verb: "get", Resource: "pods/log", Namespace: r.namespace, Name: from.pod})
}

// copy prints one stream, without lines up to the SinceTime, which the API server takes in whole seconds. It returns the time of the
// last line.
func (r *Reader) copy(ctx context.Context, from source, options *corev1.PodLogOptions) (time.Time, error) {
	var last time.Time
	if options.SinceTime != nil {
		last = options.SinceTime.Time
	}
	stream, err := Open(ctx, r.client, r.namespace, from.pod, from.container, options)
	if err != nil {
		return last, err
	}
	defer stream.Close()
	reader := bufio.NewReader(stream)
	for {
		line, err := readLine(reader)
		if at, text, ok := cutTime(line); ok {
			if options.SinceTime != nil && !at.After(options.SinceTime.Time) {
				line = nil
			} else {
				last = at
				if !r.options.Timestamps {
					line = text
				}
			}
			if line != nil {
				r.print(from, line)
			}
		} else if len(line) > 0 {
			r.print(from, line)
		}
		if errors.Is(err, io.EOF) {
			return last, nil
		}
		if err != nil {
			return last, err
		}
	}
}

func (r *Reader) print(from source, line []byte) {
	r.lock.Lock()
	defer r.lock.Unlock()
	fmt.Fprintf(r.out, "%s %s\n", from.prefix(), line)
}

func (r *Reader) note(format string, values ...any) {
	r.lock.Lock()
	defer r.lock.Unlock()
	fmt.Fprintf(r.notes, format+"\n", values...)
}

// Open starts to read a container.
func Open(ctx context.Context, client *platform.Client, namespace, pod, container string, options *corev1.PodLogOptions) (io.ReadCloser, error) {
	own := options.DeepCopy()
	own.Container = container
	return client.Streams.CoreV1().Pods(namespace).GetLogs(pod, own).Stream(ctx)
}

// readLine reads one line without its end.
func readLine(reader *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, prefix, err := reader.ReadLine()
		if room := longestLine - len(line); len(part) > room {
			part = part[:room]
		}
		line = append(line, part...)
		if err != nil || !prefix {
			return line, err
		}
	}
}

// cutTime splits the time off that the kubelet puts before a line.
func cutTime(line []byte) (time.Time, []byte, bool) {
	before, text, _ := bytes.Cut(line, []byte(" "))
	at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(before)))
	return at, text, err == nil
}
