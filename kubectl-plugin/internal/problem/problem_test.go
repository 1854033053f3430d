// SPDX-License-Identifier: Apache-2.0

package problem_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"taskplatform.dev/kubectl-taskplatform/internal/problem"
)

func TestWhatTheAPIServerAnswersIsExplained(t *testing.T) {
	pods := schema.GroupResource{Resource: "pods"}
	unknown := apierrors.NewGenericServerResponse(404, "list", pods, "", "404 page not found", 0, true)
	for _, test := range []struct {
		err   error
		texts []string
	}{
		{apierrors.NewForbidden(pods, "x", errors.New(`User "ada" cannot list resource "pods"`)),
			[]string{"error: you, the user ada, may not list pods in namespace team\n", "kubectl auth can-i list pods -n team"}},
		{apierrors.NewForbidden(pods, "x", errors.New("exceeded quota: small")), []string{"refuses to list pods in namespace team", "exceeded quota: small"}},
		{apierrors.NewUnauthorized("x"), []string{"https://api does not accept who you say you are", "Sign in again"}},
		{unknown, []string{"the cluster of https://api does not know the kind pods", "kubectl config current-context", "install the operator"}},
		{apierrors.NewBadRequest("tailLines"), []string{"refuses to list pods in namespace team: tailLines"}},
		{apierrors.NewTooManyRequests("slow down", 1), []string{"the API server https://api is busy", "Try again"}},
		{&url.Error{Op: "Get", URL: "https://api/x?y", Err: errors.New("no route")}, []string{"the API server https://api does not answer: no route\n", "kubectl get --raw /readyz"}},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), []string{"does not answer"}},
		{errors.New("odd"), []string{"could not list pods in namespace team: odd"}},
	} {
		var out strings.Builder
		problem.Write(&out, problem.Explain(test.err, "https://api", problem.Request{Verb: "list", Resource: "pods", Namespace: "team"}))
		for _, text := range test.texts {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%q is not in %s", text, out.String())
			}
		}
	}
}

func TestWhatIsExplainedStaysAsItIs(t *testing.T) {
	known := problem.New("known", "do this")
	for _, err := range []error{nil, known, fmt.Errorf("in between: %w", known), context.Canceled} {
		if got := problem.Explain(err, "https://api", problem.Request{}); !errors.Is(got, err) {
			t.Errorf("%v became %v", err, got)
		}
	}
}
