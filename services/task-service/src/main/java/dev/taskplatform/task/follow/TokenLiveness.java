// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import dev.taskplatform.kit.auth.AccessToken;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tells which access tokens are good for nothing any more before they expire, as far as the events are known: those of
 * sessions that have ended, and of persons who are disabled or deleted. Costs one read of rows by their keys, and so
 * holds in all replicas at once.
 */
public final class TokenLiveness implements Predicate<AccessToken> {
    private final FollowRepository repository;

    /** @param repository knows who has ended */
    public TokenLiveness(FollowRepository repository) {
        this.repository = repository;
    }

    /** Whether nothing is known against it; always so for a client's own token. */
    @Override
    public boolean test(AccessToken token) {
        return !token.isPersons() || !repository.isEnded(token.userId(), Optional.ofNullable(token.sessionId()));
    }
}
