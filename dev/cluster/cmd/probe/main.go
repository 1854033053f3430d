// SPDX-License-Identifier: Apache-2.0

// Command probe is a small client and server for checks of the cluster, from the machine and from inside a pod:
//
//	probe lookup SERVER NAME      prints the IPv4 addresses the DNS server gives for the name
//	probe get URL                 prints the body of a 200 answer
//	probe serve ADDRESS [FILE]    answers GET / with the host's name, or with the file; PUT / writes the file
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const timeout = 2 * time.Second

func main() {
	err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "lookup":
		return lookup(args[1], args[2])
	case len(args) == 2 && args[0] == "get":
		return get(args[1])
	case len(args) == 2 && args[0] == "serve":
		return serve(args[1], "")
	case len(args) == 3 && args[0] == "serve":
		return serve(args[1], args[2])
	}
	return errors.New("usage: probe lookup SERVER NAME | get URL | serve ADDRESS [FILE]")
}

func lookup(server, name string) error {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(server, "53"))
	}}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	addresses, err := resolver.LookupNetIP(ctx, "ip4", name)
	for _, address := range addresses {
		fmt.Println(address)
	}
	return err
}

func get(url string) error {
	client := &http.Client{Timeout: timeout}
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, response.Status)
	}
	_, err = io.Copy(os.Stdout, response.Body)
	return err
}

func serve(address, file string) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(response http.ResponseWriter, request *http.Request) {
		if file != "" {
			http.ServeFile(response, request, file)
			return
		}
		name, err := os.Hostname()
		if err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(response, name)
	})
	mux.HandleFunc("PUT /", func(response http.ResponseWriter, request *http.Request) {
		content, err := io.ReadAll(http.MaxBytesReader(response, request.Body, 1<<20))
		if err == nil {
			err = os.WriteFile(file, content, 0o640)
		}
		if err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
		}
	})
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Addr: address, Handler: mux, ReadHeaderTimeout: timeout}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	fmt.Println("serving on", address)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
