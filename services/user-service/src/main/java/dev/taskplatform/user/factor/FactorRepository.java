// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps second factors, one an account at most, and their recovery codes. Every method throws
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the database is away.
 */
public interface FactorRepository {
    /** The person's second factor, enabled or not yet. */
    Optional<Factor> find(UUID userId);

    /**
     * Keeps a second factor that is not enabled, in the place of another that is not.
     *
     * @return false if the person has one that is enabled
     */
    boolean propose(Factor factor);

    /**
     * Enables the second factor; of several at once exactly one does.
     *
     * @param proposed as it was found
     * @param enabled the same with {@code enabledAt} and {@code lastStep}
     * @return false if it is enabled already, or is another one by now
     */
    boolean enable(Factor proposed, Factor enabled);

    /**
     * Uses a time step up; of several at once exactly one does.
     *
     * @param factor as it was found
     * @return false if this step or a later one was used, or the factor is another one by now
     */
    boolean useStep(Factor factor, long step);

    /**
     * Takes the second factor away, with its recovery codes.
     *
     * @return false if there is none
     */
    boolean remove(UUID userId);

    /** Puts these recovery codes in the place of those that are there. */
    void replaceRecoveryCodes(UUID userId, List<byte[]> hashes);

    /**
     * Uses a recovery code up; of several at once exactly one does.
     *
     * @return false if there is no such code
     */
    boolean useRecoveryCode(UUID userId, byte[] hash);

    /** How many recovery codes are left. */
    int recoveryCodes(UUID userId);
}
