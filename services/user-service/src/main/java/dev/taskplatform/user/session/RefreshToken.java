// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A refresh token as it is sent: session, generation and the proof that this service made it, HMAC-SHA256 with the
 * session's own key of 256 random bits. Opaque to clients.
 */
final class RefreshToken {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SESSION_BYTES = 2 * Long.BYTES;
    private static final int NAME_BYTES = SESSION_BYTES + Integer.BYTES;
    private static final int PROOF_BYTES = 32;

    private final UUID sessionId;
    private final int generation;
    private final byte[] proof;

    private RefreshToken(UUID sessionId, int generation, byte[] proof) {
        this.sessionId = sessionId;
        this.generation = generation;
        this.proof = proof;
    }

    /** The token of a session's generation; always the same. */
    static RefreshToken of(UUID sessionId, int generation, byte[] key) {
        return new RefreshToken(sessionId, generation, proof(sessionId, generation, key));
    }

    /** The token that the text may be; empty if it has another form. */
    static Optional<RefreshToken> parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != NAME_BYTES + PROOF_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        UUID sessionId = new UUID(buffer.getLong(), buffer.getLong());
        int generation = buffer.getInt();
        byte[] proof = new byte[PROOF_BYTES];
        buffer.get(proof);
        RefreshToken token = new RefreshToken(sessionId, generation, proof);
        // One token, one text: base 64 can be written in several ways.
        return token.text().equals(text) ? Optional.of(token) : Optional.empty();
    }

    UUID sessionId() {
        return sessionId;
    }

    int generation() {
        return generation;
    }

    /** Whether it was made with this key. */
    boolean isProvenBy(byte[] key) {
        return MessageDigest.isEqual(proof, proof(sessionId, generation, key));
    }

    /** For the client alone. */
    String text() {
        byte[] bytes = ByteBuffer.allocate(NAME_BYTES + PROOF_BYTES)
                .put(name(sessionId, generation))
                .put(proof)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] name(UUID sessionId, int generation) {
        return ByteBuffer.allocate(NAME_BYTES)
                .putLong(sessionId.getMostSignificantBits())
                .putLong(sessionId.getLeastSignificantBits())
                .putInt(generation)
                .array();
    }

    private static byte[] proof(UUID sessionId, int generation, byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(name(sessionId, generation));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "RefreshToken[hidden]";
    }
}
