// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses that have their first bits in common (RFC 4632, section 3.1).
 *
 * @param first one of them
 * @param prefix number of these bits
 */
public record Network(InetAddress first, int prefix) {
    private static final Pattern CIDR = Pattern.compile("([0-9a-fA-F:.]+)(?:/(\\d{1,3}))?");
    private static final Pattern DOTTED_QUAD = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    /**
     * A network in CIDR notation, or a single address.
     *
     * @param setting where the text is from, for the message
     * @throws IllegalArgumentException naming the setting and the text, when it is neither
     */
    public static Network of(String setting, String text) {
        Matcher cidr = CIDR.matcher(text.strip());
        Optional<InetAddress> first = cidr.matches() ? literal(cidr.group(1)) : Optional.empty();
        int bits = first.map(address -> address.getAddress().length * Byte.SIZE).orElse(-1);
        int prefix = bits < 0 || cidr.group(2) == null ? bits : Integer.parseInt(cidr.group(2));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "%s: '%s' is no address or network; write them as 192.0.2.1, 10.0.0.0/8 or fd00::/8"
                            .formatted(setting, text));
        }
        return new Network(first.get(), prefix);
    }

    /** The address that a text is. Asks no name server, and knows no short forms of IPv4 such as {@code 10.1}. */
    public static Optional<InetAddress> literal(String text) {
        if (!text.contains(":") && !DOTTED_QUAD.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether an address is one of them. */
    public boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if ((mine[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
