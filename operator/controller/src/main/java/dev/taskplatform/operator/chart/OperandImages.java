// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

/**
 * The images that this operator deploys when a resource names no other.
 *
 * @param userService image of the user service
 * @param taskService image of the task service
 */
public record OperandImages(ImageReference userService, ImageReference taskService) {}
