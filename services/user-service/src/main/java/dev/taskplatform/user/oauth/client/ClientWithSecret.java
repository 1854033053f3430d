// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import java.util.Optional;

/**
 * A client just after its secret was made.
 *
 * @param secret in clear, to be shown this once; empty of a public client
 */
public record ClientWithSecret(Client client, Optional<String> secret) {
    /** Leaves the secret out, so that it gets into no log. */
    @Override
    public String toString() {
        return "ClientWithSecret[" + client.id() + "]";
    }
}
