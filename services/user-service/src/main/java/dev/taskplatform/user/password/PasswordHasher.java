// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.taskplatform.kit.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Argon2id. A hash takes much memory and a whole core for tens of milliseconds, so only so many run at a time, on
 * threads of their own that leave the others' requests their share; a few more wait their turn, the rest are turned
 * away.
 */
public final class PasswordHasher implements AutoCloseable {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int WAITING_FOR_EACH_TURN = 32;
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Argon2Function function;
    private final SecureRandom random;
    private final Semaphore turns;
    private final int maxWaiting;
    private final ExecutorService threads;
    private final String nobodysHash;

    /**
     * @param settings cost of new hashes; old ones keep theirs
     * @param random makes salts
     */
    public PasswordHasher(Argon2Settings settings, SecureRandom random) {
        this.function = Argon2Function.getInstance(
                settings.memoryKib(), settings.iterations(), settings.parallelism(), HASH_BYTES, Argon2.ID);
        this.random = random;
        this.turns = new Semaphore(settings.maxConcurrent(), true);
        this.maxWaiting = settings.maxConcurrent() * WAITING_FOR_EACH_TURN;
        this.threads = Executors.newFixedThreadPool(
                settings.maxConcurrent(),
                Thread.ofPlatform().daemon().name("argon2-", 0).factory());
        byte[] noPassword = new byte[HASH_BYTES];
        random.nextBytes(noPassword);
        this.nobodysHash = function.hash(noPassword, salt()).getResult();
    }

    /**
     * A new hash.
     *
     * @return PHC string
     * @throws ProblemException 503 if too many others are being hashed
     */
    public String hash(Password password) {
        byte[] salt = salt();
        return inTurn(() -> function.hash(password.bytes(), salt).getResult());
    }

    /**
     * Whether the password is the one that was hashed.
     *
     * @param hash PHC string; if there is none the answer is false after the same time
     * @throws ProblemException 503 if too many others are being hashed
     */
    public boolean matches(Password password, Optional<String> hash) {
        String compared = hash.orElse(nobodysHash);
        boolean equal = inTurn(() -> Argon2Function.getInstanceFromHash(compared)
                .check(password.bytes(), compared.getBytes(StandardCharsets.US_ASCII)));
        return equal && hash.isPresent();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private byte[] salt() {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    private <T> T inTurn(Callable<T> work) {
        try {
            if (turns.getQueueLength() >= maxWaiting || !turns.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw overloaded();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw overloaded();
        }
        try {
            return threads.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw overloaded();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A password could not be hashed", e.getCause());
        } finally {
            turns.release();
        }
    }

    private static ProblemException overloaded() {
        return ProblemException.unavailable(
                "Too many sign-ins and registrations at once. Try again later.", RETRY_AFTER, null);
    }
}
