// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.taskplatform.kit.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Argon2id. A hash takes much memory and a whole core for tens of milliseconds, so only as many run at a time as there
 * are cores and memory for, on threads of their own that leave the others' requests their share. More wait their turn;
 * whoever would wait too long is turned away at once.
 *
 * <p><b>Unknown users.</b> Where there is no hash a decoy is compared with instead, of the cost that most accounts'
 * hashes have, so that the time does not tell who has an account. While people's hashes still have different costs,
 * after a change of the parameters, the less usual of them do stand out to who can measure it; signing in ends it for an
 * account, and the throttle leaves few attempts to measure. A replica that has just started takes today's parameters for
 * the usual ones until the first sign-ins.
 */
public final class PasswordHasher implements AutoCloseable {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);
    /** For when the estimate was wrong, as when the machine gives the process no time. */
    private static final Duration GIVE_UP = MAX_WAIT.multipliedBy(3);

    private final Supplier<Argon2Settings> settings;
    private final HashingCapacity capacity;
    private final SecureRandom random;
    private final HashingQueue queue;
    private final ThreadPoolExecutor threads;
    private final Semaphore memory;
    private final UsualCost usual = new UsualCost();
    private final Timer waits;
    private final Timer durations;
    private final Counter refusals;

    /**
     * @param settings cost of new hashes; may change at any time. Old hashes keep theirs
     * @param random makes salts
     * @param meters gets {@code password_hash_wait_seconds}, {@code password_hash_duration_seconds},
     *     {@code password_hash_waiting} and {@code password_hash_refused_total}
     */
    public PasswordHasher(
            Supplier<Argon2Settings> settings, HashingCapacity capacity, SecureRandom random, MeterRegistry meters) {
        this.settings = settings;
        this.capacity = capacity;
        this.random = random;
        this.queue = new HashingQueue(capacity, MAX_WAIT);
        this.threads = new ThreadPoolExecutor(
                capacity.cores(),
                capacity.cores(),
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("argon2-", 0).factory());
        this.memory = new Semaphore(capacity.memoryKib(), true);
        this.waits = Timer.builder("password.hash.wait")
                .description("From a password's arrival to the begin of its hash")
                .register(meters);
        this.durations = Timer.builder("password.hash.duration")
                .description("Time of one hash, without the wait")
                .register(meters);
        this.refusals = Counter.builder("password.hash.refused")
                .description("Passwords turned away because the wait would have been too long")
                .register(meters);
        Gauge.builder("password.hash.waiting", this, PasswordHasher::waiting)
                .description("Passwords that wait for their hash to begin")
                .register(meters);
    }

    /**
     * A new hash.
     *
     * @return PHC string
     * @throws ProblemException 503 if too many others are being hashed
     */
    public String hash(Password password) {
        Argon2Settings cost = settings.get();
        byte[] salt = bytes(SALT_BYTES);
        return inTurn(cost, () -> function(cost).hash(password.bytes(), salt).getResult());
    }

    /**
     * Whether the password is the one that was hashed.
     *
     * @param hash PHC string; if there is none the answer is false after the same time
     * @throws ProblemException 503 if too many others are being hashed
     */
    public boolean matches(Password password, Optional<String> hash) {
        String compared = hash.orElseGet(this::decoy);
        Argon2Function function = Argon2Function.getInstanceFromHash(compared);
        Argon2Settings cost = cost(function);
        if (hash.isPresent()) {
            usual.seen(cost);
        }
        boolean equal =
                inTurn(cost, () -> function.check(password.bytes(), compared.getBytes(StandardCharsets.US_ASCII)));
        return equal && hash.isPresent();
    }

    /** Whether the hash has other parameters than new ones get, weaker or stronger. */
    public boolean needsRehash(String hash) {
        return !Argon2Function.getInstanceFromHash(hash).equals(function(settings.get()));
    }

    /**
     * A hash with today's parameters, to be kept in the place of an old one. Nobody who gave the right password is turned
     * away for its sake: when the queue is full it is left to the next sign-in.
     *
     * @param password found to be right
     * @param hash what it was compared with
     * @return empty if the old hash is to be kept
     */
    public Optional<String> rehash(Password password, String hash) {
        if (!needsRehash(hash)) {
            return Optional.empty();
        }
        try {
            return Optional.of(hash(password));
        } catch (ProblemException overloaded) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static Argon2Function function(Argon2Settings cost) {
        return Argon2Function.getInstance(
                cost.memoryKib(), cost.iterations(), cost.parallelism(), HASH_BYTES, Argon2.ID);
    }

    private static Argon2Settings cost(Argon2Function function) {
        return new Argon2Settings(function.getMemory(), function.getIterations(), function.getParallelism());
    }

    /** A hash of no password, as far as anybody can find out. */
    private String decoy() {
        Argon2Settings cost = usual.or(settings.get());
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(
                        cost.memoryKib(),
                        cost.iterations(),
                        cost.parallelism(),
                        base64.encodeToString(bytes(SALT_BYTES)),
                        base64.encodeToString(bytes(HASH_BYTES)));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> T inTurn(Argon2Settings cost, Callable<T> work) {
        if (!queue.enter(cost)) {
            throw overloaded(cost);
        }
        long entered = System.nanoTime();
        Future<T> result = threads.submit(() -> run(cost, entered, work));
        try {
            return result.get(GIVE_UP.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw overloaded(cost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw overloaded(cost);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A password could not be hashed", e.getCause());
        } finally {
            // Does nothing to one that has ended; one that waits must not run for nobody.
            result.cancel(false);
            queue.leave(cost);
        }
    }

    private <T> T run(Argon2Settings cost, long entered, Callable<T> work) throws Exception {
        int share = Math.min(cost.memoryKib(), capacity.memoryKib());
        memory.acquire(share);
        try {
            long start = System.nanoTime();
            waits.record(Duration.ofNanos(start - entered));
            T result = work.call();
            Duration duration = Duration.ofNanos(System.nanoTime() - start);
            durations.record(duration);
            queue.measured(cost, duration);
            return result;
        } finally {
            memory.release(share);
        }
    }

    private int waiting() {
        return threads.getQueue().size() + memory.getQueueLength();
    }

    private ProblemException overloaded(Argon2Settings cost) {
        refusals.increment();
        return ProblemException.unavailable(
                "Too many sign-ins and registrations at once. Try again later.", queue.expectedWait(cost), null);
    }
}
