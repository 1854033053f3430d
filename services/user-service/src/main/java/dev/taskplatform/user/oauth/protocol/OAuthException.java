// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.protocol;

/** Ends a request of a client with an error of the protocol. */
public final class OAuthException extends RuntimeException {
    private final OAuthError error;

    /**
     * @param description {@code error_description}: for the client's developer, without a value of the request, in the
     *     characters that RFC 6749 allows (printable ASCII but {@code "} and {@code \})
     */
    public OAuthException(OAuthError error, String description) {
        super(description);
        this.error = error;
    }

    /** What kind of error. */
    public OAuthError error() {
        return error;
    }
}
