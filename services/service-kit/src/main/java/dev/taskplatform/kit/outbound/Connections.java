// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import io.helidon.common.tls.Tls;
import io.helidon.webclient.api.ConnectionKey;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.TcpClientConnection;
import io.helidon.webclient.api.WebClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The connections to one peer, each used again until it is old. Behind the address of a Kubernetes Service it is the
 * connection that is balanced, not the request: one that is used for ever keeps to the replica that it began with, and new
 * ones get nothing to do.
 *
 * <p>There are at most as many as there are calls at a time.
 */
final class Connections implements AutoCloseable {
    /** Connections that were opened together are not all closed together. */
    private static final double JITTER = 0.2;

    private static final List<String> PROTOCOLS = List.of("http/1.1");

    private final WebClient client;
    private final ConnectionKey peer;
    private final Duration maxAge;
    private final RandomGenerator random;
    private final Time time;
    private final Counter opened;
    private final Counter aged;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TcpClientConnection, Long> ends = new HashMap<>();
    private final Deque<TcpClientConnection> idle = new ArrayDeque<>();
    private boolean closed;

    Connections(PeerSettings settings, WebClient client, Time time, RandomGenerator random, MeterRegistry meters) {
        this.client = client;
        this.peer = key(settings.url(), client);
        this.maxAge = settings.maxConnectionAge();
        this.random = random;
        this.time = time;
        this.opened = Counter.builder("http.client.connections.opened")
                .description("Connections that were opened to the peer")
                .tag("peer", settings.name())
                .register(meters);
        this.aged = Counter.builder("http.client.connections.aged")
                .description("Connections to the peer that were closed because they were old")
                .tag("peer", settings.name())
                .register(meters);
        Gauge.builder("http.client.connections.open", this, Connections::count)
                .description("Connections to the peer")
                .tag("peer", settings.name())
                .register(meters);
    }

    /**
     * A connection, which is released or closed afterwards.
     *
     * @throws IOException when this is closed
     * @throws RuntimeException of many kinds, when there is no connection to be had
     */
    TcpClientConnection take() throws IOException {
        for (TcpClientConnection kept = takeIdle(); kept != null; kept = takeIdle()) {
            if (isOld(kept)) {
                aged.increment();
            } else if (kept.isConnected()) {
                return kept;
            }
            kept.closeResource();
        }
        return open();
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Closes all connections, also those that are in use. */
    @Override
    public void close() {
        List<TcpClientConnection> all;
        lock.lock();
        try {
            closed = true;
            all = List.copyOf(ends.keySet());
        } finally {
            lock.unlock();
        }
        all.forEach(TcpClientConnection::closeResource);
    }

    private TcpClientConnection open() throws IOException {
        TcpClientConnection connection = TcpClientConnection.create(client, peer, PROTOCOLS, this::keep, this::forget)
                .connect();
        opened.increment();
        long age = Math.round(maxAge.toNanos() * (1 - JITTER * random.nextDouble()));
        lock.lock();
        try {
            if (!closed) {
                ends.put(connection, time.nanos() + age);
                return connection;
            }
        } finally {
            lock.unlock();
        }
        connection.closeResource();
        throw new IOException("the client is closed");
    }

    private TcpClientConnection takeIdle() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the client is closed");
            }
            return idle.poll();
        } finally {
            lock.unlock();
        }
    }

    /** @return whether the connection is kept, and not to be closed */
    private boolean keep(TcpClientConnection connection) {
        if (isOld(connection)) {
            aged.increment();
            return false;
        }
        // What came after the end of an answer would be taken for the next one.
        if (!connection.isConnected() || connection.reader().available() > 0) {
            return false;
        }
        // Notices from now on when the peer closes it.
        connection.helidonSocket().idle();
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            // The last one first: the fewer are in use, the sooner others are old when they are taken.
            idle.push(connection);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void forget(TcpClientConnection connection) {
        lock.lock();
        try {
            ends.remove(connection);
            idle.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    private boolean isOld(TcpClientConnection connection) {
        lock.lock();
        try {
            Long end = ends.get(connection);
            return end != null && time.nanos() - end >= 0;
        } finally {
            lock.unlock();
        }
    }

    private int count() {
        lock.lock();
        try {
            return ends.size();
        } finally {
            lock.unlock();
        }
    }

    private static ConnectionKey key(URI url, WebClient client) {
        boolean secure = "https".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        return ConnectionKey.create(
                url.getScheme(),
                url.getHost(),
                port,
                secure ? Tls.builder().build() : Tls.builder().enabled(false).build(),
                client.prototype().dnsResolver(),
                client.prototype().dnsAddressLookup(),
                Proxy.noProxy());
    }
}
