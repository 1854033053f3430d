// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

/** A refresh token gets nothing. The message is for the client and does not repeat the token. */
public final class RefreshRefusedException extends Exception {
    private final Reason reason;

    /** What is wrong, as in RFC 6749, section 5.2. */
    public enum Reason {
        /** {@code invalid_grant}: the token is none of this client's, or its session has ended. */
        INVALID_TOKEN,
        /** {@code invalid_scope}: more was asked for than the session has; the token is still good. */
        INVALID_SCOPE
    }

    RefreshRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
