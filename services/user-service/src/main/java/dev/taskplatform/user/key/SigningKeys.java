// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.taskplatform.kit.database.DatabaseUnavailableException;
import dev.taskplatform.user.seal.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys in use. The first replica that finds none makes one; all others take that. They are read from the database
 * once it can be reached, and kept.
 */
public final class SigningKeys {
    private static final int FIRST_GENERATION = 1;

    private final KeyRepository repository;
    private final Sealer sealer;
    private final SecureRandom random;
    private final Clock clock;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile List<ECKey> keys = List.of();

    /** Collaborators. */
    public SigningKeys(KeyRepository repository, Sealer sealer, SecureRandom random, Clock clock) {
        this.repository = repository;
        this.sealer = sealer;
        this.random = random;
        this.clock = clock;
    }

    /**
     * The key that signs now.
     *
     * @throws DatabaseUnavailableException if it is not known yet and the database is away
     * @throws IllegalStateException if the stored key cannot be decrypted
     */
    public ECKey current() {
        return all().getFirst();
    }

    /** The public keys that tokens are checked with; throws as {@link #current()} does. */
    public JWKSet published() {
        return new JWKSet(all().stream().<JWK>map(ECKey::toPublicJWK).toList());
    }

    /**
     * Whether tokens can be signed and checked; tries to get there.
     *
     * @throws IllegalStateException if the stored key cannot be decrypted
     */
    public boolean areReady() {
        try {
            return !all().isEmpty();
        } catch (DatabaseUnavailableException e) {
            return false;
        }
    }

    private List<ECKey> all() {
        if (keys.isEmpty()) {
            loading.lock();
            try {
                if (keys.isEmpty()) {
                    keys = load();
                }
            } finally {
                loading.unlock();
            }
        }
        return keys;
    }

    private List<ECKey> load() {
        List<SealedKey> stored = repository.all();
        if (stored.isEmpty()) {
            // Whether it was added does not matter: if not, another replica's was.
            repository.add(generate());
            stored = repository.all();
        }
        List<ECKey> opened = new ArrayList<>();
        for (SealedKey key : stored) {
            opened.add(open(key));
        }
        return List.copyOf(opened);
    }

    private SealedKey generate() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .secureRandom(random)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
            return new SealedKey(
                    FIRST_GENERATION,
                    key.getKeyID(),
                    sealer.seal(key.getKeyID(), key.toJSONString().getBytes(StandardCharsets.UTF_8)),
                    clock.instant().truncatedTo(ChronoUnit.MICROS));
        } catch (JOSEException e) {
            throw new IllegalStateException("This JVM cannot make P-256 keys", e);
        }
    }

    private ECKey open(SealedKey key) {
        try {
            return ECKey.parse(new String(sealer.open(key.kid(), key.sealed()), StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IllegalStateException("The signing key " + key.kid() + " in the database is no JWK", e);
        }
    }
}
