// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

/** An access token cannot be accepted. The message is for the client and does not repeat the token. */
public final class InvalidTokenException extends Exception {
    InvalidTokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
