// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.logging.common.HelidonMdc;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Names one request in logs, errors and the next service's logs.
 *
 * @param value what the client sent in {@code X-Request-Id} if it is harmless, else a new one
 */
public record RequestId(String value) {
    /** The header that carries it in both directions. */
    public static final HeaderName HEADER = HeaderNames.create("X-Request-Id");

    /** Key in the logging context. */
    static final String LOG_KEY = "requestId";

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._~:/+=-]{1,128}");

    /** The id of the request that this thread handles, if it handles one. */
    public static Optional<RequestId> current() {
        return HelidonMdc.get(LOG_KEY).map(RequestId::new);
    }

    /** The id that came with a request, or a new one. */
    public static RequestId from(Headers headers) {
        return headers.first(HEADER)
                .filter(value -> HARMLESS.matcher(value).matches())
                .map(RequestId::new)
                .orElseGet(() -> new RequestId(UUID.randomUUID().toString()));
    }
}
