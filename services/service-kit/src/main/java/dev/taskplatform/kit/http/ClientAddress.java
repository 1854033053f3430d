// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Where a request comes from, as far as that can be trusted: behind a proxy that {@code server.trusted-proxies} names,
 * the address that the proxy says; else the connection's peer.
 *
 * @param address IPv4, or an IPv6 that is no mapped IPv4 and has no zone
 */
public record ClientAddress(InetAddress address) {
    /** What a provider gives one customer at least. */
    private static final int NETWORK_BYTES = 8;

    private static final int IPV6_BYTES = 16;

    /** Without the zone that a link-local address may have. */
    public ClientAddress {
        address = withoutZone(address);
    }

    /**
     * The address that {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ClientAddress parse(String text) {
        return new ClientAddress(InetAddress.ofLiteral(text));
    }

    /** As it is written, such as {@code 192.0.2.1} or {@code 2001:db8:0:0:0:0:0:1}. */
    public String text() {
        return address.getHostAddress();
    }

    /**
     * What is one client to limits: an IPv4 address, or the /64 of an IPv6 address, within which a client takes what
     * addresses it likes.
     */
    public String network() {
        if (address instanceof Inet6Address) {
            byte[] prefix = Arrays.copyOf(Arrays.copyOf(address.getAddress(), NETWORK_BYTES), IPV6_BYTES);
            return ofBytes(prefix).getHostAddress() + "/64";
        }
        return text();
    }

    @Override
    public String toString() {
        return text();
    }

    private static InetAddress withoutZone(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    private static InetAddress ofBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("An address has 4 or 16 bytes", e);
        }
    }
}
