// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * While the service drains, ends every connection after the answer it is busy with, and says so in that answer, so that
 * clients that keep connections go elsewhere without an error.
 */
final class DrainFilter implements Filter {
    private final Lifecycle lifecycle;

    DrainFilter(Lifecycle lifecycle) {
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
            throw new CloseConnectionException("Said Connection: close");
        }
    }
}
