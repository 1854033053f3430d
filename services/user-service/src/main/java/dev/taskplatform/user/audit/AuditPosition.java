// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import java.time.Instant;
import java.util.UUID;

/**
 * A place in the list of entries.
 *
 * @param occurredAt of the entry at it
 * @param id of that entry; tells it from others of the same moment
 */
public record AuditPosition(Instant occurredAt, UUID id) {}
