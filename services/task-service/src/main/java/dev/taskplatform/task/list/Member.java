// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import java.util.UUID;

/** Who may do what with a list. */
public record Member(UUID user, ListRole role) {}
