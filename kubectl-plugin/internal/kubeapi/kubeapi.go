// SPDX-License-Identifier: Apache-2.0

// Package kubeapi starts a real kube-apiserver for tests, with the project's CustomResourceDefinitions.
package kubeapi

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/yaml"
)

const (
	startTimeout = time.Minute
	admin        = "admin"
)

// Definitions is the resource of the CustomResourceDefinitions.
var Definitions = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}

// Server is a kube-apiserver and its etcd. Users are named by tokens: "admin" may everything, any other of Users nothing by itself.
type Server struct {
	URL     string
	Users   []string
	Kube    kubernetes.Interface // as admin
	Dynamic dynamic.Interface    // as admin

	directory string
	authority []byte
	processes []*exec.Cmd
}

// Start starts both. The programs are those of KUBE_BIN_DIR, which `dev/cluster/cluster.sh build` makes.
func Start(ctx context.Context, users ...string) (*Server, error) {
	programs := os.Getenv("KUBE_BIN_DIR")
	for _, name := range []string{"etcd", "kube-apiserver"} {
		if _, err := exec.LookPath(filepath.Join(programs, name)); programs == "" || err != nil {
			return nil, fmt.Errorf("these tests need a real kube-apiserver, and KUBE_BIN_DIR (%q) is no directory with etcd and kube-apiserver:"+
				" run `dev/cluster/cluster.sh build`, then `eval \"$(dev/cluster/cluster.sh env)\"`", programs)
		}
	}
	directory, err := os.MkdirTemp("", "kubeapi")
	if err != nil {
		return nil, err
	}
	server := &Server{Users: append([]string{admin}, users...), directory: directory}
	if err := server.start(ctx, programs); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return server, nil
}

func (s *Server) start(ctx context.Context, programs string) error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	etcd := fmt.Sprintf("http://127.0.0.1:%d", ports[0])
	s.URL = fmt.Sprintf("https://127.0.0.1:%d", ports[2])
	if err := s.writeFiles(); err != nil {
		return err
	}
	if err := s.run(filepath.Join(programs, "etcd"), "--data-dir="+s.path("etcd"), "--unsafe-no-fsync", "--log-level=error",
		"--listen-client-urls="+etcd, "--advertise-client-urls="+etcd, fmt.Sprintf("--listen-peer-urls=http://127.0.0.1:%d", ports[1])); err != nil {
		return err
	}
	if err := s.run(filepath.Join(programs, "kube-apiserver"), "--etcd-servers="+etcd, "--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", ports[2]), "--cert-dir="+s.path("certificates"), "--token-auth-file="+s.path("tokens"),
		"--authorization-mode=RBAC", "--disable-admission-plugins=ServiceAccount", "--service-cluster-ip-range=10.0.0.0/24",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file="+s.path("key"),
		"--service-account-signing-key-file="+s.path("key"), "--kubelet-preferred-address-types=InternalIP"); err != nil {
		return err
	}
	return s.untilReady(ctx)
}

func (s *Server) path(name string) string { return filepath.Join(s.directory, name) }

func (s *Server) writeFiles() error {
	var tokens strings.Builder
	for _, user := range s.Users {
		group := ""
		if user == admin {
			group = ",system:masters"
		}
		fmt.Fprintf(&tokens, "%s,%s,%s%s\n", user, user, user, group)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	encoded, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(s.path("tokens"), []byte(tokens.String()), 0o600),
		os.WriteFile(s.path("key"), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}), 0o600))
}

// run starts a program, whose output goes to a file beside its data.
func (s *Server) run(program string, arguments ...string) error {
	output, err := os.Create(s.path(filepath.Base(program) + ".log"))
	if err != nil {
		return err
	}
	defer output.Close()
	process := exec.Command(program, arguments...)
	process.Stdout, process.Stderr = output, output
	if err := process.Start(); err != nil {
		return err
	}
	s.processes = append(s.processes, process)
	return nil
}

func (s *Server) untilReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		err := s.connect(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(s.path("kube-apiserver.log"))
			return fmt.Errorf("the kube-apiserver is not ready: %w\n%s", err, log[max(0, len(log)-2000):])
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (s *Server) connect(ctx context.Context) error {
	var err error
	if s.authority, err = os.ReadFile(s.path("certificates/apiserver.crt")); err != nil {
		return err
	}
	config := &rest.Config{
		Host: s.URL, BearerToken: admin, TLSClientConfig: rest.TLSClientConfig{CAData: s.authority}, QPS: 500, Burst: 500,
		WarningHandler: rest.NoWarnings{},
	}
	if s.Kube, err = kubernetes.NewForConfig(config); err != nil {
		return err
	}
	if s.Dynamic, err = dynamic.NewForConfig(config); err != nil {
		return err
	}
	_, err = s.Kube.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
	return err
}

// Kubeconfig writes one for a user and a namespace, and returns its path.
func (s *Server) Kubeconfig(user, namespace string) (string, error) {
	config := api.NewConfig()
	config.Clusters["test"] = &api.Cluster{Server: s.URL, CertificateAuthorityData: s.authority}
	config.AuthInfos[user] = &api.AuthInfo{Token: user}
	config.Contexts["test"] = &api.Context{Cluster: "test", AuthInfo: user, Namespace: namespace}
	config.CurrentContext = "test"
	path := s.path(user + "-" + namespace + ".kubeconfig")
	return path, clientcmd.WriteToFile(*config, path)
}

// Define creates CustomResourceDefinitions and waits until the API server serves them.
func (s *Server) Define(ctx context.Context, definitions ...*unstructured.Unstructured) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for _, definition := range definitions {
		if _, err := s.Dynamic.Resource(Definitions).Create(ctx, definition, metav1.CreateOptions{}); err != nil {
			return err
		}
		group, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
		plural, _, _ := unstructured.NestedString(definition.Object, "spec", "names", "plural")
		resource := schema.GroupVersionResource{Group: group, Version: "v1alpha1", Resource: plural}
		for {
			_, err := s.Dynamic.Resource(resource).List(ctx, metav1.ListOptions{Limit: 1})
			if err == nil {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("%s is not served: %w", definition.GetName(), err)
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	return nil
}

// DefinitionsIn reads the CustomResourceDefinitions out of a file with several objects.
func DefinitionsIn(file string) ([]*unstructured.Unstructured, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var found []*unstructured.Unstructured
	for _, document := range bytes.Split(content, []byte("\n---\n")) {
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(document, &object.Object); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if object.GetKind() == "CustomResourceDefinition" {
			found = append(found, object)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has no CustomResourceDefinition", file)
	}
	return found, nil
}

// Stop ends both and removes their data.
func (s *Server) Stop() error {
	var failed error
	for i := len(s.processes) - 1; i >= 0; i-- {
		failed = errors.Join(failed, s.processes[i].Process.Kill())
		_ = s.processes[i].Wait() // it was killed, and says so
	}
	return errors.Join(failed, os.RemoveAll(s.directory))
}

func freePorts(count int) ([]int, error) {
	var ports []int
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		// All stay open until all are known, or one would be found twice.
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
