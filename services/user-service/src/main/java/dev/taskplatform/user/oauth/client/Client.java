// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A program that may ask for tokens.
 *
 * @param id {@code client_id}
 * @param name as people see it when they are asked for their consent
 * @param type whether it can keep a secret
 * @param redirectUris where browsers may be sent back to
 * @param grantTypes what it may have tokens for
 * @param scopes the most it can be given
 * @param firstParty belongs to whoever runs the platform: nobody is asked for consent
 * @param idTokenAlgorithm what its ID tokens are signed by
 * @param version 1 at first, one more with each change, also of its secrets; makes the entity tag
 * @param createdAt to the microsecond
 * @param updatedAt last change, to the microsecond
 */
public record Client(
        String id,
        String name,
        ClientType type,
        List<RedirectUri> redirectUris,
        Set<GrantType> grantTypes,
        Set<String> scopes,
        boolean firstParty,
        IdTokenAlgorithm idTokenAlgorithm,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    /** Whether it may use a grant. */
    public boolean may(GrantType grant) {
        return grantTypes.contains(grant);
    }

    /** Whether a browser may be sent there for it. */
    public boolean redirectsTo(String uri) {
        return redirectUris.stream().anyMatch(registered -> registered.matches(uri));
    }
}
