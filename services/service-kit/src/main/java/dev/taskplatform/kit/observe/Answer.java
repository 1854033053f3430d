// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.webserver.http.ServerResponse;

/** What became of a request, for logs and metrics. */
final class Answer {
    /** As nginx counts them: the client went away before it had an answer. */
    private static final int CLIENT_CLOSED_REQUEST = 499;

    private Answer() {}

    static int status(ServerResponse response) {
        return response.isSent() ? response.status().code() : CLIENT_CLOSED_REQUEST;
    }
}
