// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Proof key for code exchange (RFC 7636) by S256, which every client has to use (RFC 9700, section 2.1.1). The method
 * {@code plain} is refused: who sees the request would know the verifier.
 */
public final class Pkce {
    /** The one {@code code_challenge_method}. */
    public static final String METHOD = "S256";

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private Pkce() {}

    /** @throws OAuthException invalid_request unless it is a challenge by S256 */
    static String challenge(String text) {
        if (!CHALLENGE.matcher(text).matches()) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST, "code_challenge must be the SHA-256 of the verifier in base64url");
        }
        return text;
    }

    /** Whether the verifier is the one that the challenge was made of. */
    static boolean matches(String challenge, String verifier) {
        if (!VERIFIER.matcher(verifier).matches()) {
            return false;
        }
        String made = Base64.getUrlEncoder().withoutPadding().encodeToString(Secrets.hash(verifier));
        return Secrets.equal(made.getBytes(StandardCharsets.US_ASCII), challenge.getBytes(StandardCharsets.US_ASCII));
    }
}
