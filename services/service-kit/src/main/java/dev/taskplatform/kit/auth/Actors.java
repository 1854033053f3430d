// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import dev.taskplatform.kit.http.ClientAddresses;
import dev.taskplatform.kit.observe.RequestId;
import io.helidon.webserver.http.ServerRequest;

/** Tells who makes a request. */
public final class Actors {
    private final ClientAddresses addresses;

    /** @param addresses tells where the request comes from */
    public Actors(ClientAddresses addresses) {
        this.addresses = addresses;
    }

    /** Somebody who is not signed in. */
    public Actor of(ServerRequest request) {
        return new Actor(null, null, addresses.of(request).text(), requestId());
    }

    /** The caller with this access token. */
    public Actor of(ServerRequest request, AccessToken caller) {
        return new Actor(
                caller.userId(), caller.clientId(), addresses.of(request).text(), requestId());
    }

    private static String requestId() {
        return RequestId.current().map(RequestId::value).orElse(null);
    }
}
