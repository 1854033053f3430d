// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;

/**
 * Takes the {@code Content-Length: 0} away that Helidon gives to every answer without a body. In 204 it must not be, and
 * in 304 it would mean that the representation is empty (RFC 9110, section 8.6).
 */
final class BodilessHeaders implements Http1ConnectionListener {
    /** Of the answer whose headers come next on this thread, which is how Helidon tells of an answer. */
    private final ThreadLocal<Status> next = new ThreadLocal<>();

    @Override
    public void status(ConnectionContext context, Status status) {
        next.set(status);
    }

    @Override
    public void headers(ConnectionContext context, Headers headers) {
        Status status = next.get();
        next.remove();
        if (status != null
                && (status.code() == Status.NO_CONTENT_204.code() || status.code() == Status.NOT_MODIFIED_304.code())
                && headers instanceof WritableHeaders<?> writable) {
            writable.remove(HeaderNames.CONTENT_LENGTH);
        }
    }
}
