// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.schedule;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Does one piece of work again and again, one at a time, on a virtual thread of its own, until it is closed.
 *
 * <p>Each pause is a random part from four to six fifths of the interval, the first from nothing to all of it: replicas
 * that started together do not come to the database together. A piece of work that fails is logged and tried again after
 * the next pause. What it does must suit several replicas at once: this knows nothing of the others.
 */
public final class Repeating implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Repeating.class.getName());

    /** What work under way gets to come to its end by itself, before it is interrupted. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final double JITTER = 0.2;

    private final String name;
    private final Supplier<Duration> interval;
    private final RandomGenerator random;
    private final Runnable work;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private boolean failing;

    private Repeating(String name, Supplier<Duration> interval, RandomGenerator random, Runnable work) {
        this.name = name;
        this.interval = interval;
        this.random = random;
        this.work = work;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::repeat);
    }

    /**
     * Starts it.
     *
     * @param name of the work, for logs and thread dumps
     * @param interval asked before every pause, so that it can change
     * @param random spreads the replicas
     * @param work may be interrupted when this is closed
     */
    public static Repeating start(String name, Supplier<Duration> interval, RandomGenerator random, Runnable work) {
        Repeating repeating = new Repeating(name, interval, random, work);
        repeating.thread.start();
        return repeating;
    }

    /** Begins no more work, and returns when the one under way has come to its end. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (!thread.join(GRACE)) {
                thread.interrupt();
                thread.join();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void repeat() {
        try {
            Duration first = scaled(interval.get(), random.nextDouble());
            if (closed.await(first.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            do {
                attempt();
            } while (!closed.await(
                    scaled(interval.get(), 1 - JITTER + 2 * JITTER * random.nextDouble())
                            .toNanos(),
                    TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            LOGGER.log(Level.DEBUG, "{0} was interrupted at its end", name);
        }
    }

    private void attempt() {
        try {
            work.run();
            if (failing) {
                failing = false;
                LOGGER.log(Level.INFO, "{0} works again", name);
            }
        } catch (RuntimeException e) {
            // Once for each trouble, however long it lasts: a database that is away for a night is one line.
            LOGGER.log(failing ? Level.DEBUG : Level.WARNING, name + " failed; it is tried again", e);
            failing = true;
        }
    }

    private static Duration scaled(Duration interval, double factor) {
        return Duration.ofNanos(Math.round(interval.toNanos() * factor));
    }
}
