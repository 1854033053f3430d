// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.taskplatform.user.seal.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;

/** Makes P-256 keys for ES256, and opens them. */
public final class KeyMaker {
    private final Sealer sealer;
    private final SecureRandom random;

    /** Collaborators. */
    public KeyMaker(Sealer sealer, SecureRandom random) {
        this.sealer = sealer;
        this.random = random;
    }

    /** A new key, to be published. */
    SealedKey make(int generation, Duration tokenLifetime, Instant now) {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .secureRandom(random)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
            return new SealedKey(generation, key.getKeyID(), seal(key), tokenLifetime, now, null, null);
        } catch (JOSEException e) {
            throw new IllegalStateException("This JVM cannot make P-256 keys", e);
        }
    }

    /**
     * The key; of a retired one only its public part.
     *
     * @throws IllegalStateException if it cannot be decrypted
     */
    ECKey open(SealedKey key) {
        try {
            return ECKey.parse(new String(sealer.open(key.kid(), key.sealed()), StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IllegalStateException("The signing key " + key.kid() + " in the database is no JWK", e);
        }
    }

    /** The key out of use, its private part erased. */
    SealedKey retire(SealedKey key, Instant now) {
        return key.retired(seal(open(key).toPublicJWK()), now);
    }

    private byte[] seal(ECKey key) {
        return sealer.seal(key.getKeyID(), key.toJSONString().getBytes(StandardCharsets.UTF_8));
    }
}
