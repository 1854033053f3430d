// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import java.util.UUID;

/** Who may do what with a list. */
public record Membership(UUID list, UUID user, ListRole role) {}
