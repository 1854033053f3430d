// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when told, and at once when somebody pauses. */
final class SteppedTime implements Time {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public void pause(Duration duration) {
        pauses.add(duration);
        pass(duration);
    }

    void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** In the order in which they were. */
    List<Duration> pauses() {
        return pauses;
    }
}
