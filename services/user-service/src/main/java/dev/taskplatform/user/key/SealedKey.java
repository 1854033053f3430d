// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import java.time.Instant;

/**
 * A signing key as it is stored.
 *
 * @param generation 1 for the first key, one more for each that follows
 * @param kid key id, a thumbprint (RFC 7638)
 * @param sealed the private JWK, encrypted by {@link dev.taskplatform.user.seal.Sealer}
 * @param createdAt to the microsecond
 */
public record SealedKey(int generation, String kid, byte[] sealed, Instant createdAt) {}
