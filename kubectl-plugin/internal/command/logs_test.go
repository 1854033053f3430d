// SPDX-License-Identifier: Apache-2.0

package command_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// kubelet acts the node that all pods of the tests are on. Each pod has the lines of its current container.
type kubelet struct {
	lock    sync.Mutex
	changed *sync.Cond
	lines   map[string][]string
	ended   map[string]int // streams that end, by pod
	queries []string
}

func newKubelet(s *stage) *kubelet {
	s.Helper()
	k := &kubelet{lines: map[string][]string{}, ended: map[string]int{}}
	k.changed = sync.NewCond(&k.lock)
	stop, err := server.Node(s.Context(), "acted", k.serve)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		k.lock.Lock()
		for pod := range k.lines {
			k.ended[pod]++
		}
		k.changed.Broadcast()
		k.lock.Unlock()
		stop()
	})
	return k
}

// say adds a line; at counts the milliseconds of its time.
func (k *kubelet) say(pod string, at int, line string) {
	k.lock.Lock()
	defer k.lock.Unlock()
	stamp := time.Date(2026, 1, 1, 0, 0, 0, at*int(time.Millisecond), time.UTC).Format("2006-01-02T15:04:05.000000000Z07:00")
	k.lines[pod] = append(k.lines[pod], stamp+" "+line)
	k.changed.Broadcast()
}

// breakOff ends the streams of a pod, as a restart of its container does.
func (k *kubelet) breakOff(pod string) {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.ended[pod]++
	k.changed.Broadcast()
}

func (k *kubelet) serve(out http.ResponseWriter, in *http.Request) {
	pod, query := in.PathValue("pod"), in.URL.Query()
	k.lock.Lock()
	defer k.lock.Unlock()
	k.queries = append(k.queries, in.URL.RawQuery)
	if query.Get("previous") == "true" {
		fmt.Fprintf(out, "2026-01-01T00:00:00.000000000Z before the restart of %s\n", pod)
		return
	}
	ended, at := k.ended[pod], 0
	if n := len(k.lines[pod]); query.Get("tailLines") == "1" && n > 1 {
		at = n - 1
	}
	for {
		for ; at < len(k.lines[pod]); at++ {
			fmt.Fprintln(out, k.lines[pod][at])
		}
		out.(http.Flusher).Flush()
		if query.Get("follow") != "true" || k.ended[pod] != ended || in.Context().Err() != nil {
			return
		}
		k.changed.Wait()
	}
}

func TestLogsOfBothServicesComeWithTheirPods(t *testing.T) {
	s := newStage(t)
	k := newKubelet(s)
	s.create("team", "")
	s.apply(pods, running("team-user-service-1", "team", "user-service"))
	s.apply(pods, running("team-task-service-1", "team", "task-service"))
	s.apply(pods, running("other-task-service-1", "other", "task-service"))
	k.say("team-user-service-1", 1, `{"message":"started"}`)
	k.say("team-task-service-1", 2, "started")
	k.say("team-task-service-1", 3, strings.Repeat("x", 2<<20))
	k.say("team-task-service-1", 4, "after a long line")

	r := s.ok(s.run("logs", "team"), `team-user-service-1 {"message":"started"}`, "team-task-service-1 started\n", "team-task-service-1 after a long line\n")
	if strings.Contains(r.out, "other") || len(r.out) > 2<<20 {
		t.Errorf("too much: %d bytes", len(r.out))
	}
	s.ok(s.run("logs", "team", "--timestamps", "--service", "user"), `team-user-service-1 2026-01-01T00:00:00.001000000Z {"message"`)
	if r := s.ok(s.run("logs", "team", "--service", "user")); strings.Contains(r.out, "task-service") {
		t.Error("both services")
	}
	if r := s.ok(s.run("logs", "team", "--service", "task", "--tail", "1"), "after a long line"); strings.Contains(r.out, "started") {
		t.Error("all lines")
	}
	s.ok(s.run("logs", "team", "--previous"), "before the restart of team-task-service-1")
	s.ok(s.run("logs", "team", "--since", "90s"))
	if last := k.queries[len(k.queries)-1]; !strings.Contains(last, "sinceSeconds=90") || strings.Contains(last, "tailLines") {
		t.Errorf("asked for %s", last)
	}
}

func TestLogsFollowOverRestartsAndNewPods(t *testing.T) {
	s := newStage(t)
	k := newKubelet(s)
	s.create("team", "")
	s.apply(pods, running("team-user-service-1", "team", "user-service"))
	k.say("team-user-service-1", 1, "one")
	ctx, interrupt := context.WithCancel(t.Context())
	var out, notes shared

	end := s.startInto(ctx, &out, &notes, "logs", "team", "-f")
	s.eventually("what was said", func() bool { return strings.Contains(out.String(), "team-user-service-1 one\n") })
	k.say("team-user-service-1", 2, "two")
	s.eventually("what is said", func() bool { return strings.Contains(out.String(), "team-user-service-1 two\n") })
	k.breakOff("team-user-service-1")
	k.say("team-user-service-1", 3, "three")
	s.eventually("what is said after a restart", func() bool { return strings.Contains(out.String(), "team-user-service-1 three\n") })
	s.apply(pods, running("team-task-service-1", "team", "task-service"))
	k.say("team-task-service-1", 4, "four")
	s.eventually("what a new pod says", func() bool { return strings.Contains(out.String(), "team-task-service-1 four\n") })
	if err := server.Kube.CoreV1().Pods(s.namespace).Delete(ctx, "team-user-service-1", metav1.DeleteOptions{GracePeriodSeconds: new(int64)}); err != nil {
		t.Fatal(err)
	}
	k.breakOff("team-user-service-1")
	interrupt()

	r := s.ok(end())
	for _, line := range []string{"one", "two", "three", "four"} {
		if count := strings.Count(r.out, " "+line+"\n"); count != 1 {
			t.Errorf("%q came %d times", line, count)
		}
	}
}

func TestLogsThatAreNotThere(t *testing.T) {
	s := newStage(t)
	s.create("team", "")
	s.fails(s.run("logs", "team"), "no pod of TaskPlatform team is there", "kubectl taskplatform status team")
	s.fails(s.run("logs", "team", "--service", "web"), "--service web is no service", "user, task")
	s.fails(s.run("logs", "team", "-f", "--previous"), "can't be followed")
	s.fails(s.run("logs", "team", "--since", "soon"), "invalid argument", "kubectl taskplatform logs --help")
	s.apply(pods, running("team-user-service-1", "team", "user-service"))
	s.apply(pods, running("team-user-service-2", "team", "user-service"))
	s.fails(s.run("logs", "team", "--max-log-requests", "1"), "there are 2 containers, more than 1", "--max-log-requests 2")

	r := s.ok(s.run("logs", "team")) // their node is gone
	if !strings.Contains(r.notes, "team-user-service-1: could not get pods/log") {
		t.Errorf("got %+v", r)
	}
}
