// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between an operator and the API server, and can take the connection away as a restart of the API server does. */
final class ApiProxy implements AutoCloseable {

    private final URI server;
    private final Config direct;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ServerSocket listener;

    ApiProxy(Config direct) {
        this.direct = direct;
        this.server = URI.create(direct.getMasterUrl());
        this.listener = listen(0);
        this.port = listener.getLocalPort();
        accept(listener);
    }

    /** @return access by way of this proxy */
    Config config() {
        return new ConfigBuilder(direct)
                .withMasterUrl("https://" + server.getHost() + ":" + port + "/")
                .build();
    }

    /** Ends all connections and refuses new ones. */
    void cut() {
        close(listener);
        open.forEach(ApiProxy::close);
        open.clear();
    }

    /** Lets connections through again. */
    void restore() {
        listener = listen(port);
        accept(listener);
    }

    private ServerSocket listen(int wanted) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(server.getHost()), wanted));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) {
        threads.execute(() -> {
            while (!from.isClosed()) {
                try {
                    Socket client = from.accept();
                    Socket upstream = new Socket(server.getHost(), server.getPort());
                    open.add(client);
                    open.add(upstream);
                    threads.execute(() -> copy(client, upstream));
                    threads.execute(() -> copy(upstream, client));
                } catch (IOException e) {
                    // closed by cut() or by the client
                }
            }
        });
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of the two has gone, and the other goes with it
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        cut();
        threads.shutdownNow();
    }
}
