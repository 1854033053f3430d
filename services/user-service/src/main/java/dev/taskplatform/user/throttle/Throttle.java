// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.http.ClientAddress;
import dev.taskplatform.kit.limit.Quota;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Bounds guesses at passwords, over all replicas: so many failures for a name, and so many from an address, and the next
 * attempts are refused for a while, the right password too. Names are counted whether or not somebody has them, so a
 * refusal tells nobody who has an account; it does say why, so that a person knows to wait.
 *
 * <p>An attempt is counted before the password is looked at and uncounted when it was right: of many at once no more get
 * through than the limit has room for. Attempts beyond it wait for those under way for a moment: many sign-ins of one
 * person at once are no attack, if the password is right.
 *
 * <p>Locks of a name get longer from one to the next, up to a limit, and end by themselves: they slow a guesser down to
 * some hundred guesses a day, and somebody who only wants to keep a person out must go on for as long as they mean to.
 * Attempts while it is locked don't prolong a lock. NIST SP 800-63B-4 (section 3.2.2) would have an account disabled for
 * good after 100 failures in a row, which is a weapon in the hands of anybody who knows a name; an administrator can
 * disable an account.
 *
 * <p>The table stays small: a row needs an attempt whose password was hashed, so there are no more in a window than
 * hashes, and expired ones are {@linkplain #purge purged}.
 */
public final class Throttle {
    /** For attempts under way to end. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);

    private static final int MIN_PAUSE_MILLIS = 10;
    private static final int MAX_PAUSE_MILLIS = 50;

    private final Supplier<ThrottleSettings> settings;
    private final CounterRepository counters;
    private final Transactions transactions;
    private final Fingerprints fingerprints;
    private final Clock clock;
    private final RandomGenerator random;
    private final MeterRegistry meters;

    /**
     * @param settings may change at any time; locks that exist become no longer than new ones
     * @param database with the table {@code throttle_counter}
     * @param key 32 secret bytes that all replicas share
     * @param random spreads the attempts that wait
     * @param meters gets {@code sign_in_throttled_total{by}}
     */
    public Throttle(
            Supplier<ThrottleSettings> settings,
            Database database,
            byte[] key,
            Clock clock,
            RandomGenerator random,
            MeterRegistry meters) {
        this.settings = settings;
        this.counters = new DatabaseCounterRepository(database);
        this.transactions = database;
        this.fingerprints = new Fingerprints(key);
        this.clock = clock;
        this.random = random;
        this.meters = meters;
    }

    /**
     * Begins an attempt to sign in, before the password is looked at. Not to be called in a transaction: it may wait for
     * other attempts, and must be kept whatever becomes of this one.
     *
     * @param usernameKey equal for texts that are one name; also of names that nobody can have
     * @throws ProblemException 429 with {@code Retry-After} if there were too many failures
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException while the database is away
     */
    public Attempt begin(String usernameKey, ClientAddress from) {
        ThrottleSettings current = settings.get();
        Counted name = new Counted(fingerprints.ofName(usernameKey), current.account());
        Counted address = new Counted(fingerprints.ofAddress(from), current.address());
        refuseIfLocked(address);
        refuseIfLocked(name);
        long deadline = System.nanoTime() + MAX_WAIT.toNanos();
        Optional<Refusal> refusal = reserve(name, address);
        while (refusal.filter(Refusal::isShort).isPresent() && System.nanoTime() < deadline) {
            pause();
            refusal = reserve(name, address);
        }
        if (refusal.isPresent()) {
            throw problem(refusal.get());
        }
        return new Attempt(this, name, address);
    }

    /**
     * Lifts the lock of a name and forgets its failures.
     *
     * @return whether there were any
     */
    public boolean unlock(String usernameKey) {
        return counters.remove(fingerprints.ofName(usernameKey));
    }

    /** Until when the name is locked, if it is. */
    public Optional<Instant> lockedUntil(String usernameKey) {
        Rule rule = settings.get().account();
        return rule.isOff()
                ? Optional.empty()
                : counters.find(fingerprints.ofName(usernameKey))
                        .flatMap(counter -> counter.at(now(), rule).lockedUntil());
    }

    /** Removes what has expired; for now and again. */
    public void purge() {
        counters.purge(now());
    }

    void succeeded(Counted name, Counted address) {
        transactions.inTransaction(() -> {
            change(address, (counter, now) -> counter.ended());
            return change(name, (counter, now) -> counter.ended().forgiven());
        });
    }

    boolean failed(Counted name, Counted address) {
        return transactions.inTransaction(() -> {
            change(address, (counter, now) -> counter.failed(now, address.rule()));
            return change(name, (counter, now) -> counter.failed(now, name.rule()));
        });
    }

    void cancelled(Counted name, Counted address) {
        transactions.inTransaction(() -> {
            change(address, (counter, now) -> counter.ended());
            return change(name, (counter, now) -> counter.ended());
        });
    }

    /** Reads alone, so that who goes on while locked costs little. */
    private void refuseIfLocked(Counted counted) {
        if (counted.rule().isOff()) {
            return;
        }
        Instant now = now();
        counters.find(counted.key())
                // One that time has changed is looked at again below, where that is kept.
                .filter(kept -> kept.equals(kept.at(now, counted.rule())))
                .flatMap(Counter::lockedUntil)
                .ifPresent(end -> {
                    throw problem(new Refusal(counted, Duration.between(now, end)));
                });
    }

    /** Counts the attempt for both or, if one of them refuses it, for neither. */
    private Optional<Refusal> reserve(Counted name, Counted address) {
        return transactions.inTransaction(() -> {
            // Everybody locks the address first, so that no two wait for each other.
            Optional<Counter> ofAddress = lock(address);
            Optional<Counter> ofName = lock(name);
            Instant now = now();
            Optional<Refusal> refusal = ofAddress
                    .flatMap(counter -> refusal(address, counter, now))
                    .or(() -> ofName.flatMap(counter -> refusal(name, counter, now)));
            boolean begins = refusal.isEmpty();
            ofAddress.ifPresent(counter -> keep(address, begins ? counter.begun(now) : counter));
            ofName.ifPresent(counter -> keep(name, begins ? counter.begun(now) : counter));
            return refusal;
        });
    }

    private static Optional<Refusal> refusal(Counted counted, Counter counter, Instant now) {
        if (counter.hasRoom(counted.rule())) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                counted,
                counter.lockedUntil().map(end -> Duration.between(now, end)).orElse(Duration.ZERO)));
    }

    /** @return whether this locked it */
    private boolean change(Counted counted, BiFunction<Counter, Instant, Counter> step) {
        Optional<Counter> before = lock(counted);
        Optional<Counter> after = before.map(counter -> step.apply(counter, now()));
        after.ifPresent(counter -> keep(counted, counter));
        return before.filter(counter -> counter.lockedUntil().isEmpty()).isPresent()
                && after.flatMap(Counter::lockedUntil).isPresent();
    }

    /** The counter as it is now, until the end of the transaction; none if it has no limit. */
    private Optional<Counter> lock(Counted counted) {
        if (counted.rule().isOff()) {
            return Optional.empty();
        }
        Counter kept = counters.lock(counted.key(), Counter.none(now()));
        // The time after the wait for the row.
        return Optional.of(kept.at(now(), counted.rule()));
    }

    private void keep(Counted counted, Counter counter) {
        if (counter.isEmpty()) {
            counters.remove(counted.key());
        } else {
            counters.save(counted.key(), counter, counter.expiresAt(counted.rule()));
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void pause() {
        try {
            Thread.sleep(random.nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service stops. Try again later.", MAX_WAIT, e);
        }
    }

    private ProblemException problem(Refusal refusal) {
        CounterKey.Kind kind = refusal.counted().key().kind();
        String by = kind.name().toLowerCase(Locale.ROOT);
        meters.counter("sign.in.throttled", "by", by).increment();
        Rule rule = refusal.counted().rule();
        Quota quota = new Quota("sign-in-" + by, rule.failures(), rule.window(), 0, refusal.time());
        String detail = switch (kind) {
            case ACCOUNT ->
                "There were too many failed attempts to sign in with this username. Wait as long as Retry-After says; an administrator can unlock it sooner.";
            case ADDRESS ->
                "There were too many failed attempts to sign in from this address. Wait as long as Retry-After says.";
        };
        return quota.refusal(ProblemType.TOO_MANY_ATTEMPTS, detail, refusal.time());
    }

    /** What is counted, and by which rule; the one from the begin of an attempt holds to its end. */
    record Counted(CounterKey key, Rule rule) {}

    /** @param time until a retry makes sense; zero if other attempts under way are the reason, which soon end */
    private record Refusal(Counted counted, Duration time) {
        boolean isShort() {
            return time.isZero();
        }
    }
}
