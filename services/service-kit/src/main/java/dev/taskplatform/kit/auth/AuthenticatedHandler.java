// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** Answers a request whose caller is known. */
@FunctionalInterface
public interface AuthenticatedHandler {
    /**
     * @param caller the verified access token
     * @throws Exception as Helidon's handlers may
     */
    void handle(AccessToken caller, ServerRequest request, ServerResponse response) throws Exception;
}
