// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import java.time.Instant;
import java.util.UUID;

/**
 * An event as it is in the feed.
 *
 * @param position one more than that of the event committed before it
 * @param id the same however often it is read
 * @param type as in {@link UserEvent.Type#text()}
 * @param occurredAt to the microsecond
 * @param userId whose account it is
 * @param sessionId null if it concerns all of the account
 */
public record PublishedEvent(long position, UUID id, String type, Instant occurredAt, UUID userId, UUID sessionId) {}
