// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.DatabaseUnavailableException;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The keys in use. They are read from the database once it can be reached, and kept; {@link #refresh()} reads them again
 * and does what the {@link RotationPlan} finds due. Any replica may do it: the first that finds no key makes one, and all
 * others take that.
 */
public final class SigningKeys {
    /** How often a replica should {@link #refresh()}; the plan counts on it. */
    public static final Duration POLL = Duration.ofSeconds(10);

    private static final Logger LOGGER = System.getLogger(SigningKeys.class.getName());

    private final KeyRepository repository;
    private final Transactions transactions;
    private final AuditLog audit;
    private final KeyMaker maker;
    private final RotationPlan plan;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile InUse inUse;

    /** Collaborators. */
    public SigningKeys(
            KeyRepository repository, Transactions transactions, AuditLog audit, KeyMaker maker, RotationPlan plan) {
        this.repository = repository;
        this.transactions = transactions;
        this.audit = audit;
        this.maker = maker;
        this.plan = plan;
    }

    /**
     * The key that signs access tokens now, by ES256.
     *
     * @throws DatabaseUnavailableException if it is not known yet and the database is away
     * @throws IllegalStateException if a stored key cannot be decrypted
     */
    public ECKey current() {
        return inUse().signing().ec();
    }

    /**
     * The key that signs ID tokens now, by the algorithm; by ES256 while the keys are those of an earlier version, until
     * the next have been published. Throws as {@link #current()} does.
     */
    public JWK forIdTokens(JWSAlgorithm algorithm) {
        TokenKeys signing = inUse().signing();
        return algorithm.equals(JWSAlgorithm.RS256) && signing.rsa().isPresent()
                ? signing.rsa().get()
                : signing.ec();
    }

    /** The public keys that tokens are checked with; throws as {@link #current()} does. */
    public JWKSet published() {
        return inUse().published();
    }

    /**
     * Whether tokens can be signed and checked; tries to get there.
     *
     * @throws IllegalStateException if a stored key cannot be decrypted
     */
    public boolean areReady() {
        try {
            return inUse() != null;
        } catch (DatabaseUnavailableException e) {
            return false;
        }
    }

    /**
     * Takes up what other replicas have done, and does what is due. What was known stays in use when this fails.
     *
     * @throws DatabaseUnavailableException if the database is away
     * @throws IllegalStateException if a stored key cannot be decrypted
     */
    public void refresh() {
        refreshing.lock();
        try {
            KeyRing ring = repository.load();
            KeyRing next = plan.next(ring);
            while (!next.equals(ring)) {
                // Whether it was replaced does not matter: if not, another replica has done something.
                replace(ring, next, Actor.SYSTEM);
                ring = repository.load();
                next = plan.next(ring);
            }
            use(ring);
        } finally {
            refreshing.unlock();
        }
    }

    /**
     * Has a new key published that will sign next, unless there is one already.
     *
     * @return that key
     * @throws DatabaseUnavailableException if the database is away
     */
    public KeyInfo rotate(Actor actor) {
        return change(plan::rotated, actor);
    }

    /**
     * Has a new key sign at once, and removes all others: the tokens they signed are not valid any more. Other replicas
     * follow when they refresh; who keeps the JWK Set takes tokens of the old keys until its copy expires.
     *
     * @return the new key
     * @throws DatabaseUnavailableException if the database is away
     */
    public KeyInfo replace(Actor actor) {
        return change(plan::replaced, actor);
    }

    /**
     * What keys there are now, the newest first.
     *
     * @throws DatabaseUnavailableException if the database is away
     */
    public List<KeyInfo> describe() {
        refresh();
        KeyRing ring = inUse.ring();
        return ring.keys().stream().map(key -> plan.describe(ring, key)).toList();
    }

    private KeyInfo change(UnaryOperator<KeyRing> change, Actor actor) {
        refreshing.lock();
        try {
            KeyRing ring;
            KeyRing changed;
            do {
                ring = repository.load();
                changed = change.apply(ring);
            } while (!changed.equals(ring) && !replace(ring, changed, actor));
            refresh();
            return plan.describe(changed, changed.keys().getFirst());
        } finally {
            refreshing.unlock();
        }
    }

    private boolean replace(KeyRing before, KeyRing after, Actor actor) {
        return transactions.inTransaction(() -> {
            boolean replaced = repository.replace(before, after);
            if (replaced && !before.keys().isEmpty() && after.nextGeneration() > before.nextGeneration()) {
                Map<String, String> details = Map.of(
                        "kid", after.keys().getFirst().kid(),
                        "previousRevoked", Boolean.toString(after.keys().size() == 1));
                audit.record(new AuditEntry("key.rotated", null, actor, details));
            }
            return replaced;
        });
    }

    private InUse inUse() {
        if (inUse == null) {
            refreshing.lock();
            try {
                if (inUse == null) {
                    refresh();
                }
            } finally {
                refreshing.unlock();
            }
        }
        return inUse;
    }

    private void use(KeyRing ring) {
        if (inUse != null && inUse.ring().version() == ring.version()) {
            return;
        }
        TokenKeys signing = maker.open(ring.in(KeyState.SIGNING).orElseThrow());
        List<JWK> published = ring.keys().stream()
                .flatMap(key -> maker.open(key).publicPart().all().stream())
                .toList();
        inUse = new InUse(ring, signing, new JWKSet(published));
        LOGGER.log(Level.INFO, "Signs with the {0} and publishes {1}", signing, ring.keys());
    }

    private record InUse(KeyRing ring, TokenKeys signing, JWKSet published) {}
}
