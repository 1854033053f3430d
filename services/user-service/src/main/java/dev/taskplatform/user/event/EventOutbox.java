// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import java.util.UUID;

/** Takes the events that services follow. */
public interface EventOutbox {
    /**
     * Appends an event, in the transaction of the change that it tells of; do it late in it, as others wait.
     *
     * @return the id of the event
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException while the database is away
     */
    UUID append(UserEvent event);
}
