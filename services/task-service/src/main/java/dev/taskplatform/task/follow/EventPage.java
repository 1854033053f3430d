// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import java.util.List;

/**
 * A part of the feed.
 *
 * @param items in their order
 * @param next cursor of what comes after them
 */
public record EventPage(List<UserEvent> items, String next) {}
