// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

/** A client has changed since it was read. */
public final class StaleVersionException extends RuntimeException {
    StaleVersionException() {
        super("The client has another version");
    }
}
