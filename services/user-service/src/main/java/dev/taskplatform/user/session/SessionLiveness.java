// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.AccessToken;
import java.time.Clock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tells which access tokens are good for nothing any more before they expire: those of sessions that have ended and of
 * persons who may not sign in. Costs one read of a row by its key.
 */
public final class SessionLiveness implements Predicate<AccessToken> {
    private final SessionRepository repository;
    private final Supplier<SessionSettings> settings;
    private final Clock clock;

    /** Collaborators. */
    public SessionLiveness(SessionRepository repository, Supplier<SessionSettings> settings, Clock clock) {
        this.repository = repository;
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether the session goes on that the token comes from; always so for a client's own token. */
    @Override
    public boolean test(AccessToken token) {
        if (!token.isPersons()) {
            return true;
        }
        return token.sessionId() != null
                && repository
                        .findOfEnabled(token.sessionId())
                        .filter(session -> session.userId().equals(token.userId()))
                        .filter(session ->
                                clock.instant().isBefore(settings.get().endOf(session)))
                        .isPresent();
    }
}
