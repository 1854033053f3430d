// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.http;

import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.protocol.Parameters;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** Answers a client. */
@FunctionalInterface
public interface ClientHandler {
    /**
     * @param client that has proved who it is
     * @param form the body
     */
    void handle(Client client, Parameters form, ServerRequest request, ServerResponse response);
}
