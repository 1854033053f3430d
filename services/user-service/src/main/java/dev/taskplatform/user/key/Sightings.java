// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How long this process has seen each key in its state, by a clock that nobody sets. For one thread at a time. */
final class Sightings {
    private final LongSupplier nanoTime;
    private Map<Sighting, Long> since = Map.of();

    /** @param nanoTime as {@link System#nanoTime()} */
    Sightings(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Remembers the keys, and forgets others. */
    void note(KeyRing ring) {
        long now = nanoTime.getAsLong();
        Map<Sighting, Long> noted = new HashMap<>();
        for (SealedKey key : ring.keys()) {
            Sighting sighting = Sighting.of(key);
            noted.put(sighting, since.getOrDefault(sighting, now));
        }
        since = noted;
    }

    /** Since when the key was noted first, without a break. */
    Duration of(SealedKey key) {
        long now = nanoTime.getAsLong();
        return Duration.ofNanos(now - since.getOrDefault(Sighting.of(key), now));
    }

    private record Sighting(String kid, KeyState state) {
        static Sighting of(SealedKey key) {
            return new Sighting(key.kid(), key.state());
        }
    }
}
