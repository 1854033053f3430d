// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.time.Duration;

/** The time that passes while calls are made; nobody sets it. */
interface Time {
    /** As {@link System#nanoTime()}. */
    long nanos();

    /** Lets so much of it pass. */
    void pause(Duration duration) throws InterruptedException;

    /** That of this machine. */
    static Time system() {
        return new Time() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pause(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }
        };
    }
}
