// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import java.time.Instant;
import java.util.Map;

/**
 * What may be told of a generation of signing keys.
 *
 * @param kid id of its key for ES256
 * @param kids of all its keys, by algorithm
 * @param state where it is in its life
 * @param createdAt when it was made, and so published
 * @param signsFrom when it began to sign; of one that is only published, the earliest
 * @param retiresAt when another took, or by the schedule will take, its place; null of one that is only published
 * @param publishedUntil when a retired key leaves the JWK Set; null of others
 */
public record KeyInfo(
        String kid,
        Map<String, String> kids,
        KeyState state,
        Instant createdAt,
        Instant signsFrom,
        Instant retiresAt,
        Instant publishedUntil) {}
