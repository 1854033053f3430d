// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a browser may be sent back to. A request's is compared as a string, character by character (RFC 9700, section
 * 2.1), with one exception: a program on the user's own machine listens at whatever port is free, so the port of an
 * {@code http} URI on {@code 127.0.0.1} or {@code [::1]} does not matter (RFC 8252, section 7.3). {@code localhost} is
 * refused, as that section advises: a name can be made to lead elsewhere.
 *
 * @param value as it was registered
 */
public record RedirectUri(String value) {
    private static final int MAX_LENGTH = 512;
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]");
    private static final Pattern LOOPBACK_PORT =
            Pattern.compile("^(http://(?:127\\.0\\.0\\.1|\\[::1\\]))(?::[0-9]{1,5})?(?=[/?]|$)");
    /** The reverse of a domain name (RFC 8252, section 7.1): a scheme without a dot belongs to no one. */
    private static final Pattern PRIVATE_SCHEME = Pattern.compile("[a-z][a-z0-9+-]*(\\.[a-z0-9+-]+)+");

    /**
     * A URI to register.
     *
     * @throws InvalidValueException naming what is wrong with it
     */
    public static RedirectUri of(String text, ClientType type) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new InvalidValueException("A redirect URI has 1 to " + MAX_LENGTH + " characters.");
        }
        if (text.indexOf('*') >= 0) {
            throw new InvalidValueException("A redirect URI has no wildcard: it is compared as it stands.");
        }
        URI uri = parse(text);
        if (uri.getRawFragment() != null) {
            throw new InvalidValueException("A redirect URI has no fragment (#).");
        }
        if (uri.getRawUserInfo() != null) {
            throw new InvalidValueException("A redirect URI has no user name.");
        }
        switch (uri.getScheme()) {
            case "https" -> requireHost(uri);
            case "http" -> {
                requireHost(uri);
                if (!LOOPBACK.contains(uri.getHost())) {
                    throw new InvalidValueException(
                            "A redirect URI is https; http is for programs at http://127.0.0.1 or http://[::1] alone.");
                }
            }
            default -> requirePrivateScheme(uri, type);
        }
        return new RedirectUri(text);
    }

    /** Whether a request's {@code redirect_uri} is this one. */
    public boolean matches(String requested) {
        return value.equals(requested)
                || LOOPBACK_PORT.matcher(value).find() && withoutPort(value).equals(withoutPort(requested));
    }

    private static String withoutPort(String uri) {
        return LOOPBACK_PORT.matcher(uri).replaceFirst("$1");
    }

    private static URI parse(String text) {
        try {
            URI uri = new URI(text);
            // Characters beyond ASCII are for people; on the wire a URI has none.
            if (uri.getScheme() != null
                    && text.chars().allMatch(c -> c > 0x20 && c < 0x7f)
                    && uri.getScheme().equals(uri.getScheme().toLowerCase(Locale.ROOT))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new InvalidValueException("A redirect URI is an absolute URI (RFC 3986): " + e.getReason() + ".");
        }
        throw new InvalidValueException("A redirect URI is an absolute URI (RFC 3986) with a scheme in lower case.");
    }

    private static void requireHost(URI uri) {
        if (uri.getHost() == null) {
            throw new InvalidValueException("A redirect URI of http or https has a host.");
        }
    }

    private static void requirePrivateScheme(URI uri, ClientType type) {
        if (type != ClientType.PUBLIC
                || !PRIVATE_SCHEME.matcher(uri.getScheme()).matches()) {
            throw new InvalidValueException(
                    "A redirect URI is https or, of a public client, has a scheme that is a domain"
                            + " name in reverse, as in com.example.app:/callback.");
        }
    }
}
