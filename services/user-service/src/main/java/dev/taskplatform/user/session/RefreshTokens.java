// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.seal.Sealer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes refresh tokens and knows them again.
 *
 * <p>No token is stored, not even as a hash. Each is computed from its generation with a random key that its session alone
 * has, and that key is kept encrypted under the key that is outside of the database: who reads the database learns no
 * token. Computed, because a client that did not get the answer to an exchange asks again and must be given the same
 * successor, from whichever replica, and a hash does not give it back; and because every token that ever was is known
 * again, so that the oldest one, stolen, ends the session, at the cost of one row however long it lives.
 */
public final class RefreshTokens {
    private static final int KEY_BYTES = 32;

    private final Sealer sealer;
    private final SecureRandom random;

    /** Collaborators. */
    public RefreshTokens(Sealer sealer, SecureRandom random) {
        this.sealer = sealer;
        this.random = random;
    }

    /** What a new session's tokens are to be made with, encrypted. */
    byte[] newKey(UUID sessionId) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return sealer.seal(context(sessionId), key);
    }

    /** The token that is next to be exchanged. */
    String current(Session session) {
        return RefreshToken.of(session.id(), session.generation(), key(session)).text();
    }

    /** Whether the token is or was one of this session's. */
    boolean belongs(RefreshToken token, Session session) {
        return token.sessionId().equals(session.id()) && token.isProvenBy(key(session));
    }

    private byte[] key(Session session) {
        return sealer.open(context(session.id()), session.sealedKey());
    }

    private static String context(UUID sessionId) {
        return "session:" + sessionId;
    }
}
