// SPDX-License-Identifier: Apache-2.0

// Package problem has the errors that a person reads: what is wrong, where, and what to do next.
package problem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/clientcmd"
)

// lacksRight is in what the API server says when it is the right that is missing.
var lacksRight = regexp.MustCompile(`User "([^"]*)" cannot `)

// Problem is an error with what to do about it.
type Problem struct {
	what  string
	next  []string
	cause error
}

// New takes a sentence without its full stop, and what to do next, a line each.
func New(what string, next ...string) *Problem {
	return &Problem{what: what, next: next}
}

// From is New with the error that led to it.
func From(cause error, what string, next ...string) *Problem {
	return &Problem{what: what, next: next, cause: cause}
}

func (p *Problem) Error() string { return p.what }

func (p *Problem) Unwrap() error { return p.cause }

// Next is what to do, a line each.
func (p *Problem) Next() []string { return p.next }

// Write prints an error as the scripts of this project do.
func Write(out io.Writer, err error) {
	fmt.Fprintf(out, "error: %s\n", strings.TrimSpace(err.Error()))
	var found *Problem
	if errors.As(err, &found) {
		for _, line := range found.next {
			fmt.Fprintf(out, "       %s\n", line)
		}
	}
}

// Request says what was asked of the API server.
type Request struct {
	Verb      string // as in RBAC
	Resource  string // as `kubectl auth can-i` takes it: taskplatforms.taskplatform.dev
	Namespace string // empty: all
	Name      string // empty: a list
}

func (r Request) String() string {
	text := r.Verb + " " + r.Resource
	if r.Name != "" {
		text += " " + r.Name
	}
	if r.Namespace == "" {
		return text + " in all namespaces"
	}
	return text + " in namespace " + r.Namespace
}

// CanI is the command that tells whether the caller may do it.
func (r Request) CanI() string {
	scope := "--all-namespaces"
	if r.Namespace != "" {
		scope = "-n " + r.Namespace
	}
	return fmt.Sprintf("kubectl auth can-i %s %s %s", r.Verb, r.Resource, scope)
}

// IsMissingKind tells whether the API server does not know the resource's kind at all.
func IsMissingKind(err error) bool {
	return apierrors.IsNotFound(err) && apierrors.IsUnexpectedServerError(err)
}

// Explain turns what the API server at host answered, or that it did not, into a Problem. What is one already, and the end of the
// context, stay as they are.
func Explain(err error, host string, request Request) error {
	var known *Problem
	var connection *url.Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	case apierrors.IsForbidden(err):
		user := lacksRight.FindStringSubmatch(err.Error())
		if user == nil { // an admission plugin or a quota refuses it to everybody
			return From(err, fmt.Sprintf("the API server refuses to %s: %s", request, err))
		}
		return From(err, fmt.Sprintf("you, the user %s, may not %s", user[1], request),
			"Ask who administers the cluster for the right. To check: "+request.CanI())
	case apierrors.IsUnauthorized(err):
		return From(err, fmt.Sprintf("the API server %s does not accept who you say you are", host),
			"Sign in again, or choose another context: kubectl config get-contexts")
	case IsMissingKind(err):
		return From(err, fmt.Sprintf("the cluster of %s does not know the kind %s", host, request.Resource),
			"Is it the right cluster? kubectl config current-context",
			"If so, install the operator there: see the README of TaskPlatform.")
	case apierrors.IsInvalid(err), apierrors.IsBadRequest(err):
		return From(err, fmt.Sprintf("the API server refuses to %s: %s", request, err))
	case apierrors.IsTooManyRequests(err), apierrors.IsServerTimeout(err), apierrors.IsServiceUnavailable(err):
		return From(err, fmt.Sprintf("the API server %s is busy: %s", host, err), "Try again in a moment.")
	case errors.As(err, &connection), errors.Is(err, context.DeadlineExceeded):
		return From(err, fmt.Sprintf("the API server %s does not answer: %s", host, reason(err)),
			"Is the cluster up, and this the right context? kubectl config current-context; kubectl get --raw /readyz")
	default:
		return From(err, fmt.Sprintf("could not %s: %s", request, err))
	}
}

// reason leaves out the URL, which the sentence has already.
func reason(err error) string {
	var operation *net.OpError
	var connection *url.Error
	switch {
	case errors.As(err, &operation):
		return operation.Error()
	case errors.As(err, &connection):
		return connection.Err.Error()
	default:
		return err.Error()
	}
}

// IsPassing tells whether the same request may succeed a moment later.
func IsPassing(err error) bool {
	var connection *url.Error
	return apierrors.IsTooManyRequests(err) || apierrors.IsServerTimeout(err) || apierrors.IsServiceUnavailable(err) ||
		apierrors.IsTimeout(err) || apierrors.IsInternalError(err) || errors.As(err, &connection)
}

// Kubeconfig explains why there is no access to a cluster at all.
func Kubeconfig(err error) error {
	if clientcmd.IsEmptyConfig(err) {
		return From(err, "no cluster is configured",
			"Set KUBECONFIG, or give --kubeconfig; for the embedded cluster: eval \"$(dev/cluster/cluster.sh env)\"")
	}
	return From(err, fmt.Sprintf("the kubeconfig can't be used: %s", err),
		"See what it has: kubectl config view; kubectl config get-contexts")
}
