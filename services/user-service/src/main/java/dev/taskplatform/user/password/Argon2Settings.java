// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import io.helidon.config.Config;

/**
 * Settings under {@code password.argon2}: what one hash costs.
 *
 * @param memoryKib memory of one hash, in KiB
 * @param iterations passes over the memory
 * @param parallelism lanes
 */
public record Argon2Settings(int memoryKib, int iterations, int parallelism) {
    private static final int MAX_MEMORY_KIB = 1024 * 1024;
    private static final int MAX_OTHER = 64;

    /** @throws IllegalArgumentException naming the setting that is out of range */
    public Argon2Settings {
        check("parallelism", parallelism, 1, MAX_OTHER);
        check("memory-kib", memoryKib, 8 * parallelism, MAX_MEMORY_KIB);
        check("iterations", iterations, 1, MAX_OTHER);
    }

    /** @param config the node {@code password} */
    public static Argon2Settings from(Config config) {
        return new Argon2Settings(
                config.get("argon2.memory-kib").asInt().get(),
                config.get("argon2.iterations").asInt().get(),
                config.get("argon2.parallelism").asInt().get());
    }

    /** Time of one hash in units of its own: KiB times passes. */
    long work() {
        return (long) memoryKib * iterations;
    }

    private static void check(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "password.argon2.%s: must be %d to %d, but is %d".formatted(key, min, max, value));
        }
    }
}
