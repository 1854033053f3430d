// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;

/** One line a request: method, path, status and time. Queries are left out: they can hold passwords. */
public final class AccessLogFilter implements Filter {
    private static final Logger LOGGER = System.getLogger("dev.taskplatform.access");

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (!LOGGER.isLoggable(Level.INFO)) {
            chain.proceed();
            return;
        }
        long start = System.nanoTime();
        try {
            chain.proceed();
        } finally {
            log(
                    request.prologue().method().text(),
                    request.prologue().uriPath().rawPath(),
                    Answer.status(response),
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /**
     * Logs a request that did not come through the filter.
     *
     * @param duration from the request line to the end of the response
     */
    public static void log(String method, String path, int status, Duration duration) {
        double milliseconds = duration.toNanos() / 1000 / 1000.0;
        LOGGER.log(
                Level.INFO,
                "{0} {1} {2}",
                method,
                path,
                Integer.toString(status),
                new LogFields(Map.of("method", method, "path", path, "status", status, "durationMs", milliseconds)));
    }
}
