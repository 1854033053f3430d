// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import java.util.List;

/**
 * A part of the feed.
 *
 * @param next after its items
 * @param more whether there is more already
 */
record FeedPage(List<Item> items, FeedToken next, boolean more) {}
