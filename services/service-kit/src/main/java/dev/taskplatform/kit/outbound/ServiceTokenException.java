// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

/** The service gets no access token of its own until somebody puts its credentials, or the issuer's settings, right. */
public final class ServiceTokenException extends RuntimeException {
    ServiceTokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
