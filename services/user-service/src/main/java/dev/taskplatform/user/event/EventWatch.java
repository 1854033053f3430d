// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Waits for events. However many wait, one thread asks for the last position, five times a second, and only while somebody
 * waits: a waiting request holds neither a platform thread nor a connection of the database. Asking, rather than being told
 * by the outbox, also sees what other replicas append.
 */
public final class EventWatch implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(EventWatch.class.getName());

    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final LongSupplier last;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition somebodyWaits = lock.newCondition();
    private final Condition looked = lock.newCondition();
    private int waiting;
    private long seen;
    private long failures;
    private boolean ended;

    private EventWatch(LongSupplier last) {
        this.last = last;
        this.thread = Thread.ofVirtual().name("event-watch").unstarted(this::look);
    }

    /**
     * Starts it.
     *
     * @param last position of the last event
     */
    public static EventWatch start(LongSupplier last) {
        EventWatch watch = new EventWatch(last);
        watch.thread.start();
        return watch;
    }

    /**
     * Waits for an event after a position, until the time is over, the database can't be asked or {@link #end()}.
     *
     * @return whether there is reason to read again
     */
    boolean awaitAfter(long position, Duration longest) {
        if (longest.isZero()) {
            return false;
        }
        lock.lock();
        try {
            waiting++;
            somebodyWaits.signal();
            long failuresBefore = failures;
            long left = longest.toNanos();
            while (left > 0 && !ended && seen <= position && failures == failuresBefore) {
                left = looked.awaitNanos(left);
            }
            return seen > position || failures != failuresBefore;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /** Lets everybody go who waits, and nobody wait again. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            looked.signalAll();
            somebodyWaits.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@link #end()}, and asks no more. */
    @Override
    public void close() {
        end();
        thread.interrupt();
    }

    private void look() {
        try {
            while (awaitSomebody()) {
                lookOnce();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            LOGGER.log(Level.DEBUG, "Closed", e);
        }
    }

    private boolean awaitSomebody() throws InterruptedException {
        lock.lock();
        try {
            while (waiting == 0 && !ended) {
                somebodyWaits.await();
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    private void lookOnce() {
        long now = -1;
        try {
            now = last.getAsLong();
        } catch (RuntimeException e) {
            // Who waits reads again, and so learns it: most likely the database is away.
            LOGGER.log(Level.DEBUG, "Nobody can be told of events", e);
        }
        lock.lock();
        try {
            if (now < 0) {
                failures++;
                looked.signalAll();
            } else if (now != seen) {
                seen = now;
                looked.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
