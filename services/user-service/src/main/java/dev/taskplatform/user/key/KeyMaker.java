// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.JWKGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.taskplatform.kit.seal.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes the keys of a generation, P-256 for ES256 and RSA for RS256, and opens them. */
public final class KeyMaker {
    /**
     * Good until 2030 (NIST SP 800-57, part 1), and keys are gone after two months. With 3072 bits a key takes four times
     * as long to be made, over a second at times, and as long again to sign.
     */
    private static final int RSA_BITS = 2048;

    private final Sealer sealer;
    private final SecureRandom random;

    /** Collaborators. */
    public KeyMaker(Sealer sealer, SecureRandom random) {
        this.sealer = sealer;
        this.random = random;
    }

    /** New keys, to be published. Takes a tenth of a second of CPU, half a one at worst: it finds the primes of an RSA key. */
    SealedKey make(int generation, Duration tokenLifetime, Instant now) {
        ECKey ec = generate(new ECKeyGenerator(Curve.P_256), JWSAlgorithm.ES256);
        RSAKey rsa = generate(new RSAKeyGenerator(RSA_BITS), JWSAlgorithm.RS256);
        TokenKeys keys = new TokenKeys(ec, Optional.of(rsa));
        return new SealedKey(generation, ec.getKeyID(), seal(keys), tokenLifetime, now, null, null);
    }

    /**
     * The keys; of a retired generation only the public parts.
     *
     * @throws IllegalStateException if it cannot be decrypted
     */
    TokenKeys open(SealedKey key) {
        try {
            return TokenKeys.parse(new String(sealer.open(key.kid(), key.sealed()), StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IllegalStateException(
                    "The signing key " + key.kid() + " in the database is no JWK and no set of them", e);
        }
    }

    /** The keys out of use, their private parts erased. */
    SealedKey retire(SealedKey key, Instant now) {
        return key.retired(seal(open(key).publicPart()), now);
    }

    private <T extends JWK> T generate(JWKGenerator<T> generator, JWSAlgorithm algorithm) {
        try {
            return generator
                    .secureRandom(random)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(algorithm)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("This JVM cannot make keys for " + algorithm, e);
        }
    }

    private byte[] seal(TokenKeys keys) {
        return sealer.seal(keys.ec().getKeyID(), keys.toJson().getBytes(StandardCharsets.UTF_8));
    }
}
