// SPDX-License-Identifier: Apache-2.0

package networkpolicy

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	ktesting "k8s.io/client-go/testing"
)

func TestHealthIsBadUntilTheFirstHeartbeat(t *testing.T) {
	health := new(health)
	if code := ask(health); code != http.StatusServiceUnavailable {
		t.Errorf("got %d before the first heartbeat", code)
	}
	heartbeats := make(chan *healthcheck.ControllerHeartbeat, 1)
	heartbeats <- &healthcheck.ControllerHeartbeat{Component: "NPC"}
	close(heartbeats)
	health.follow(heartbeats)
	if code := ask(health); code != http.StatusOK {
		t.Errorf("got %d after it", code)
	}
}

func ask(handler http.Handler) int {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	return recorder.Code
}

func TestTheNodeMayAppearLater(t *testing.T) {
	client := fake.NewClientset(&corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "local"}})
	asked := 0
	client.PrependReactor("get", "nodes", func(ktesting.Action) (bool, runtime.Object, error) {
		asked++
		return asked < 3, nil, errors.New("not yet")
	})
	if err := waitForNode(context.Background(), client, "local"); err != nil {
		t.Error(err)
	}
	if asked != 3 {
		t.Errorf("asked %d times", asked)
	}
}

func TestTheLastAnswerIsToldWhenTheNodeDoesNotAppear(t *testing.T) {
	client := fake.NewClientset()
	refused := errors.New("refused")
	ctx, cancel := context.WithCancel(context.Background())
	client.PrependReactor("get", "nodes", func(ktesting.Action) (bool, runtime.Object, error) {
		cancel()
		return true, nil, refused
	})
	if err := waitForNode(ctx, client, "local"); !errors.Is(err, refused) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
