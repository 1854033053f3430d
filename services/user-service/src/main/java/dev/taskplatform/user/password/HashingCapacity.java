// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import io.helidon.config.Config;

/**
 * What may be spent on hashing at a time.
 *
 * @param memoryMib memory of all hashes together, in MiB ({@code password.hashing-memory-mib}); part of the heap
 * @param cores most hashes at a time: more would only make each of them slower
 */
public record HashingCapacity(int memoryMib, int cores) {
    private static final int MAX_MEMORY_MIB = 64 * 1024;

    /** @throws IllegalArgumentException naming the setting that is out of range */
    public HashingCapacity {
        if (memoryMib < 1 || memoryMib > MAX_MEMORY_MIB) {
            throw new IllegalArgumentException(
                    "password.hashing-memory-mib: must be 1 to %d, but is %d".formatted(MAX_MEMORY_MIB, memoryMib));
        }
    }

    /** @param config the node {@code password} */
    public static HashingCapacity from(Config config) {
        return new HashingCapacity(
                config.get("hashing-memory-mib").asInt().get(),
                Runtime.getRuntime().availableProcessors());
    }

    /** All of the memory, in KiB. */
    int memoryKib() {
        return memoryMib * 1024;
    }

    /** How many hashes of this cost run at a time; one even if the memory does not suffice for it. */
    int turns(Argon2Settings cost) {
        return Math.clamp(memoryKib() / cost.memoryKib(), 1, cores);
    }
}
