// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxies whose {@code X-Forwarded-For} is believed: {@code server.trusted-proxies}, a list of addresses and networks
 * such as {@code 10.0.0.0/8} and {@code fd00::/8}. None unless set. Each proxy appends the address it was called from, so
 * the field is read from its end, and what is before the first address that is no trusted proxy's is the client's own
 * invention.
 */
public final class TrustedProxies {
    /** Under the node {@code server}. */
    static final String KEY = "trusted-proxies";

    private static final String SETTING = "server." + KEY;

    /** An address with or without a port; an IPv6 address in brackets where there is one (RFC 7239, section 6). */
    private static final Pattern NODE =
            Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+)(?::\\d+)?|\\[([0-9a-fA-F:.]+)](?::\\d+)?|([0-9a-fA-F:.]+)");

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * @param networks in CIDR notation, or single addresses
     * @throws IllegalArgumentException naming the setting and the entry that is neither
     */
    public static TrustedProxies of(Collection<String> networks) {
        return new TrustedProxies(
                networks.stream().map(text -> Network.of(SETTING, text)).toList());
    }

    /**
     * Who sent a request.
     *
     * @param peer the other end of the connection
     * @param forwardedFor values of {@code X-Forwarded-For}, in their order
     */
    ClientAddress client(InetAddress peer, List<String> forwardedFor) {
        ClientAddress client = new ClientAddress(peer);
        List<String> hops = forwardedFor.stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .toList();
        for (String hop : hops.reversed()) {
            Optional<InetAddress> said = isTrusted(client) ? address(hop) : Optional.empty();
            if (said.isEmpty()) {
                // Not believed, or no address, as when a proxy hides it: the one that said so stands for it.
                return client;
            }
            client = new ClientAddress(said.get());
        }
        return client;
    }

    private boolean isTrusted(ClientAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address.address()));
    }

    private static Optional<InetAddress> address(String hop) {
        Matcher node = NODE.matcher(hop);
        if (!node.matches()) {
            return Optional.empty();
        }
        for (int i = 1; i <= node.groupCount(); i++) {
            if (node.group(i) != null) {
                return Network.literal(node.group(i));
            }
        }
        return Optional.empty();
    }
}
