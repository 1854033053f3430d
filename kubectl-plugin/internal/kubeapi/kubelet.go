// SPDX-License-Identifier: Apache-2.0

package kubeapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Node acts a node whose kubelet hands requests for logs, GET /containerLogs/{namespace}/{pod}/{container}, to a handler. What it
// returns stops it.
func (s *Server) Node(ctx context.Context, name string, logs http.HandlerFunc) (stop func(), err error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", logs)
	kubelet := httptest.NewTLSServer(mux)
	address, err := url.Parse(kubelet.URL)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(address.Port())
	if err != nil {
		return nil, err
	}
	nodes := s.Kube.CoreV1().Nodes()
	node, err := nodes.Create(ctx, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	node.Status = corev1.NodeStatus{
		Addresses:       []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: address.Hostname()}},
		DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: int32(port)}},
	}
	_, err = nodes.UpdateStatus(ctx, node, metav1.UpdateOptions{})
	return func() {
		kubelet.CloseClientConnections()
		kubelet.Close()
		_ = nodes.Delete(context.Background(), name, metav1.DeleteOptions{}) // the server ends soon
	}, err
}
