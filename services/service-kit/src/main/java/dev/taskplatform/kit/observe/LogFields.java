// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import java.util.Map;

/**
 * Members that a log record has beside its message, given as the last parameter of the log call.
 *
 * @param values names and values; the names must not be those that every record has
 */
public record LogFields(Map<String, Object> values) {}
