// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The second factor of an account as it is stored.
 *
 * @param userId whose
 * @param id of this secret: another secret of the same person is another factor
 * @param sealedSecret the {@link TotpSecret}, encrypted
 * @param createdAt when the secret was made, to the microsecond
 * @param enabledAt since when it is asked for; empty while the person has not shown a code
 * @param lastStep the time step of the last code that was taken; no earlier one is
 */
public record Factor(
        UUID userId,
        UUID id,
        byte[] sealedSecret,
        Instant createdAt,
        Optional<Instant> enabledAt,
        OptionalLong lastStep) {

    Factor enabled(Instant now, long step) {
        return new Factor(userId, id, sealedSecret, createdAt, Optional.of(now), OptionalLong.of(step));
    }

    /** Leaves the secret out, so that it gets into no log. */
    @Override
    public String toString() {
        return "Factor[" + id + "]";
    }
}
