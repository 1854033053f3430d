// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import io.helidon.config.Config;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.util.List;

/** Tells where requests come from. */
public final class ClientAddresses {
    private final TrustedProxies proxies;

    /** @param proxies whose {@code X-Forwarded-For} is believed */
    public ClientAddresses(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    /**
     * Believing the proxies of {@code server.trusted-proxies}; none unless set.
     *
     * @param server the node {@code server}
     * @throws IllegalArgumentException naming the setting and the entry that is no network
     */
    public static ClientAddresses from(Config server) {
        return new ClientAddresses(TrustedProxies.of(
                server.get(TrustedProxies.KEY).asList(String.class).orElse(List.of())));
    }

    /** The address that the request was sent from, as far as that can be known. */
    public ClientAddress of(ServerRequest request) {
        InetSocketAddress peer = (InetSocketAddress) request.remotePeer().address();
        return proxies.client(peer.getAddress(), request.headers().all(HeaderNames.X_FORWARDED_FOR, List::of));
    }
}
