// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decides what becomes of the keys next. A key, or rather a generation of them, is made when the one that signs is
 * {@code keys.rotation-period} old or, being of an earlier version, has no key for RS256. It is published for
 * {@link #PUBLISH_AHEAD}, signs, and is published on until the last token it signed has expired.
 *
 * <p>No clock of a machine can make a key sign that was not published for that long: this is measured, in each process,
 * by a clock that cannot be set. A process that starts begins to measure anew, which only delays. When a key is made or
 * removed is told by the machine's clock; a key stays an hour longer than needed, so that a clock that is an hour off
 * removes none too early, and a key with a time stamp in the future ages as long as it is seen. For one thread at a time.
 */
public final class RotationPlan {
    /** How long a JWK Set may be kept by those who fetched it. */
    public static final Duration JWKS_LIFETIME = Duration.ofMinutes(5);

    /** The set's lifetime, and what it takes until every replica has read the new key. */
    static final Duration PUBLISH_AHEAD = JWKS_LIFETIME.plusMinutes(1);

    /** What those who check tokens allow clocks to differ by, and what a machine's clock may jump. */
    static final Duration RETIRED_ALLOWANCE = Duration.ofHours(1).plusSeconds(30);

    private final KeyMaker maker;
    private final Supplier<KeySettings> settings;
    private final Supplier<Duration> tokenLifetime;
    private final Clock clock;
    private final Sightings sightings;

    /**
     * @param tokenLifetime of the longest-lived tokens that are signed
     * @param nanoTime as {@link System#nanoTime()}
     */
    public RotationPlan(
            KeyMaker maker,
            Supplier<KeySettings> settings,
            Supplier<Duration> tokenLifetime,
            Clock clock,
            LongSupplier nanoTime) {
        this.maker = maker;
        this.settings = settings;
        this.tokenLifetime = tokenLifetime;
        this.clock = clock;
        this.sightings = new Sightings(nanoTime);
    }

    /** What is due: the same keys if nothing is. Counts as seeing them. */
    KeyRing next(KeyRing ring) {
        sightings.note(ring);
        Instant now = now();
        KeyRing kept = ring.without(key -> key.state() == KeyState.RETIRED && !now.isBefore(publishedUntil(key)))
                .map(this::withTokenLifetime);
        Optional<SealedKey> signing = kept.in(KeyState.SIGNING);
        Optional<SealedKey> published = kept.in(KeyState.PUBLISHED);
        if (signing.isEmpty()) {
            return kept.with(published.orElseGet(() -> make(kept, now)).signing(now));
        }
        if (published.isEmpty()) {
            boolean due =
                    isDue(signing.get(), now) || maker.open(signing.get()).rsa().isEmpty();
            return due ? kept.with(make(kept, now)) : kept;
        }
        return sightings.of(published.get()).compareTo(PUBLISH_AHEAD) < 0
                ? kept
                : kept.with(maker.retire(signing.get(), now))
                        .with(published.get().signing(now));
    }

    /** With a key that will sign next: the one that is published already, or a new one. */
    KeyRing rotated(KeyRing ring) {
        return ring.in(KeyState.PUBLISHED).isPresent() ? ring : ring.with(make(ring, now()));
    }

    /** Nothing but a new key, which signs at once. */
    KeyRing replaced(KeyRing ring) {
        Instant now = now();
        return ring.without(key -> true).with(make(ring, now).signing(now));
    }

    /** What may be told of a key of the ring. */
    KeyInfo describe(KeyRing ring, SealedKey key) {
        return switch (key.state()) {
            case PUBLISHED -> info(key, signsFrom(key), null, null);
            case SIGNING ->
                info(
                        key,
                        key.signsSince(),
                        ring.in(KeyState.PUBLISHED)
                                .map(RotationPlan::signsFrom)
                                .orElseGet(() -> rotatesAt(key).plus(PUBLISH_AHEAD)),
                        null);
            case RETIRED -> info(key, key.signsSince(), key.retiredAt(), publishedUntil(key));
        };
    }

    private KeyInfo info(SealedKey key, Instant signsFrom, Instant retiresAt, Instant publishedUntil) {
        return new KeyInfo(
                key.kid(), maker.open(key).kids(), key.state(), key.createdAt(), signsFrom, retiresAt, publishedUntil);
    }

    private static Instant signsFrom(SealedKey key) {
        return key.createdAt().plus(PUBLISH_AHEAD);
    }

    private static Instant publishedUntil(SealedKey key) {
        return key.retiredAt().plus(key.tokenLifetime()).plus(RETIRED_ALLOWANCE);
    }

    private Instant rotatesAt(SealedKey key) {
        return key.signsSince().plus(settings.get().rotationPeriod());
    }

    private boolean isDue(SealedKey key, Instant now) {
        return !now.isBefore(rotatesAt(key))
                || sightings.of(key).compareTo(settings.get().rotationPeriod()) >= 0;
    }

    private SealedKey withTokenLifetime(SealedKey key) {
        Duration lifetime = longestTokenLifetime();
        return key.tokenLifetime().compareTo(lifetime) < 0 ? key.withTokenLifetime(lifetime) : key;
    }

    private SealedKey make(KeyRing ring, Instant now) {
        return maker.make(ring.nextGeneration(), longestTokenLifetime(), now);
    }

    /** Tokens say it in whole seconds, and so it is kept. */
    private Duration longestTokenLifetime() {
        return tokenLifetime.get().truncatedTo(ChronoUnit.SECONDS);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
