// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.change;

import dev.taskplatform.kit.json.Choice;

/** What can change. */
public enum EntityKind implements Choice {
    LIST,
    TASK,
    COMMENT
}
