// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import java.util.List;

/**
 * Keeps signing keys. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the
 * database is away.
 */
public interface KeyRepository {
    /**
     * Adds a key unless its generation is there already; of several replicas at once exactly one wins.
     *
     * @return false if another key has this generation
     */
    boolean add(SealedKey key);

    /** All keys, the newest generation first. */
    List<SealedKey> all();
}
