// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The parameters that most accounts' hashes have, as far as this replica has seen: of the last few that it compared
 * passwords with. After a change of the parameters these are the old ones for as long as most people have not signed in.
 */
final class UsualCost {
    private static final int REMEMBERED = 64;

    private final Deque<Argon2Settings> latest = new ArrayDeque<>();
    private final Map<Argon2Settings, Integer> counts = new HashMap<>();

    /** An account's hash was compared with. */
    synchronized void seen(Argon2Settings cost) {
        latest.addLast(cost);
        counts.merge(cost, 1, Integer::sum);
        if (latest.size() > REMEMBERED) {
            counts.computeIfPresent(latest.removeFirst(), (oldest, count) -> count == 1 ? null : count - 1);
        }
    }

    /** @param unless there is none yet */
    synchronized Argon2Settings or(Argon2Settings unless) {
        return counts.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElse(unless);
    }
}
