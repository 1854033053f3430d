// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.token;

import dev.taskplatform.user.account.Account;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * What an access token of a person is issued for.
 *
 * @param account the person
 * @param clientId the program they use
 * @param scope what it may do
 * @param sessionId the sign-in that the token belongs to
 * @param authTime when they proved who they are
 */
public record TokenGrant(Account account, String clientId, Set<String> scope, UUID sessionId, Instant authTime) {
    /** Copies the scope. */
    public TokenGrant {
        scope = Set.copyOf(scope);
    }
}
