// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All signing keys as they were at one moment.
 *
 * @param version another after every change
 * @param keys the newest generation first
 */
public record KeyRing(long version, List<SealedKey> keys) {

    /** Copies the keys. */
    public KeyRing {
        keys = List.copyOf(keys);
    }

    /** The newest key in a state; there is one at most, but for retired ones. */
    public Optional<SealedKey> in(KeyState state) {
        return keys.stream().filter(key -> key.state() == state).findFirst();
    }

    /** Of the next key. */
    int nextGeneration() {
        return keys.isEmpty() ? 1 : keys.getFirst().generation() + 1;
    }

    /** With one more key, or another state of one that is there. */
    KeyRing with(SealedKey key) {
        Stream<SealedKey> others = keys.stream().filter(other -> other.generation() != key.generation());
        return new KeyRing(
                version,
                Stream.concat(Stream.of(key), others)
                        .sorted(Comparator.comparingInt(SealedKey::generation).reversed())
                        .toList());
    }

    KeyRing without(Predicate<SealedKey> which) {
        return new KeyRing(version, keys.stream().filter(which.negate()).toList());
    }

    KeyRing map(UnaryOperator<SealedKey> change) {
        return new KeyRing(version, keys.stream().map(change).toList());
    }
}
