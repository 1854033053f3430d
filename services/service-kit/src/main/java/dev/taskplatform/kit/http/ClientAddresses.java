// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import io.helidon.webserver.http.ServerRequest;

/** Tells where requests come from. */
public final class ClientAddresses {
    /** The IP address at the other end of the connection. */
    public String of(ServerRequest request) {
        return request.remotePeer().host();
    }
}
