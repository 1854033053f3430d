// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.http.Network;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/** What may be a webhook's URL. */
public final class TargetUrl {
    private static final int MAX_LENGTH = 2_000;

    private final TargetGuard guard;
    private final boolean allowHttp;

    /** @param allowHttp whether a URL may be without TLS */
    public TargetUrl(TargetGuard guard, boolean allowHttp) {
        this.guard = guard;
        this.allowHttp = allowHttp;
    }

    /** @throws InvalidValueException when it may not be one */
    String of(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refused();
        }
        boolean isHttp = "https".equals(uri.getScheme()) || allowHttp && "http".equals(uri.getScheme());
        boolean isPlain = uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawFragment() == null
                && uri.getPort() <= 65_535
                && uri.getPort() != 0
                && StandardCharsets.US_ASCII.newEncoder().canEncode(text);
        if (!isHttp || !isPlain || text.length() > MAX_LENGTH) {
            throw refused();
        }
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        if (Network.literal(host).filter(address -> !guard.isAllowed(address)).isPresent()) {
            throw new InvalidValueException(
                    "This address is not public. Give one that is, or have the service's operator"
                            + " allow it with webhook.allowed-networks.");
        }
        return text;
    }

    private InvalidValueException refused() {
        return new InvalidValueException(
                "This must be a URL of %s with a host, without user, password and fragment, of up to"
                                .formatted(allowHttp ? "https or http" : "https")
                        + " %d characters of ASCII.".formatted(MAX_LENGTH));
    }
}
