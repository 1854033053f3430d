// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import java.util.Map;

/**
 * Pods that were told to be replaced.
 *
 * @param service the service whose pods they are
 * @param template pod template of the new ones
 */
public record Restart(String service, Map<String, Object> template) {}
