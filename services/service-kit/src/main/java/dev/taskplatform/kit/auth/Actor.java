// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import java.util.UUID;

/**
 * Who does something, for records of what was done.
 *
 * @param userId null if nobody is signed in
 * @param clientId the program that the person uses, or that acts itself; null if it has no token
 * @param address IP address; null if the service itself acts
 * @param requestId finds the request in the log; null if the service itself acts
 */
public record Actor(UUID userId, String clientId, String address, String requestId) {
    /** The service itself, such as at its start. */
    public static final Actor SYSTEM = new Actor(null, null, null, null);

    /** The same, known to be this person. */
    public Actor as(UUID user) {
        return new Actor(user, clientId, address, requestId);
    }

    /** The same, known to use this program. */
    public Actor with(String client) {
        return new Actor(userId, client, address, requestId);
    }
}
