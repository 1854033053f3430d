// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.http.Network;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps webhooks from addresses that only this service can reach (server-side request forgery): those of the cluster, the
 * node, a cloud's metadata, and whatever else is not of the public internet (RFC 6890).
 */
public final class TargetGuard {
    private static final String SETTING = "webhook.allowed-networks";

    private static final List<Network> NOT_PUBLIC = List.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    // Of IPv6 what is global unicast is public, but for what stands for other addresses or for none.
                    "::/3",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "3fff::/20",
                    "4000::/2",
                    "8000::/1")
            .stream()
            .map(text -> Network.of("TargetGuard", text))
            .toList();

    private final List<Network> allowed;
    private final NameService names;

    /**
     * @param allowed networks that may be called although they are not public
     * @param names asked for the addresses of names
     * @throws IllegalArgumentException naming the setting and the entry that is no network
     */
    public TargetGuard(List<String> allowed, NameService names) {
        this.allowed = allowed.stream().map(text -> Network.of(SETTING, text)).toList();
        this.names = names;
    }

    /** Finds the addresses of a name. */
    @FunctionalInterface
    public interface NameService {
        /** All of them. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * The address to call for a host. It must be called itself: asked again, a name may have another.
     *
     * @throws TargetException when there is none, or one of them may not be called
     */
    InetAddress address(String host) {
        InetAddress[] addresses;
        try {
            addresses = names.addresses(host);
        } catch (UnknownHostException e) {
            throw new TargetException("The name " + host + " has no address");
        }
        for (InetAddress address : addresses) {
            if (!isAllowed(address)) {
                throw new TargetException("An address of " + host + " is not public, and so is not called");
            }
        }
        return Arrays.stream(addresses)
                .findFirst()
                .orElseThrow(() -> new TargetException("The name " + host + " has no address"));
    }

    /** Whether an address may be called. */
    boolean isAllowed(InetAddress address) {
        return allowed.stream().anyMatch(network -> network.contains(address))
                || NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
    }
}
