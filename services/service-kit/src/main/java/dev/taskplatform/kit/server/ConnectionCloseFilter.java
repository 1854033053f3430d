// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Closes connections as HTTP means it. While the service drains, ends each after the answer it is busy with and says so
 * in that answer, so that clients that keep connections go elsewhere without an error. Before it closes one, reads what
 * the client is still sending: a socket closed with unread input resets the connection, and the client may lose the
 * answer (RFC 9112, section 9.6).
 */
final class ConnectionCloseFilter implements Filter {
    /** How long a body beyond the limit is read for the sake of a readable answer. */
    private static final Duration MAX_DISCARDING = Duration.ofSeconds(5);

    private static final Logger LOGGER = System.getLogger(ConnectionCloseFilter.class.getName());

    private final Lifecycle lifecycle;

    ConnectionCloseFilter(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        // Asked when the answer goes out: the drain may begin while the request is handled.
        response.beforeSend(() -> {
            if (lifecycle.isDraining()) {
                response.headers().set(HeaderValues.CONNECTION_CLOSE);
            }
        });
        chain.proceed();
        // Helidon leaves closing to the client; one that does not would be cut off later, maybe in a request.
        if (response.isSent() && response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            discardBody(request);
            throw new CloseConnectionException("Said Connection: close");
        }
    }

    private static void discardBody(RoutingRequest request) {
        // A client that was not told to continue sends nothing.
        if (!request.content().hasEntity() || request.content().consumed() || !request.continueSent()) {
            return;
        }
        try {
            if (request.context().get(LimitedBody.class).isEmpty()) {
                request.content().inputStream();
            }
            request.context().get(LimitedBody.class).orElseThrow().discard(MAX_DISCARDING);
        } catch (IOException | InsufficientDataAvailableException | RequestException e) {
            LOGGER.log(Level.DEBUG, "The rest of a body cannot be read", e);
        }
    }
}
