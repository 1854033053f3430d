// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

/**
 * Keeps signing keys. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the
 * database is away.
 */
public interface KeyRepository {
    /** All keys. */
    KeyRing load();

    /**
     * Replaces the keys, unless somebody else has since {@code before} was loaded; of several replicas at once exactly one
     * wins.
     *
     * @return false if somebody has
     */
    boolean replace(KeyRing before, KeyRing after);
}
