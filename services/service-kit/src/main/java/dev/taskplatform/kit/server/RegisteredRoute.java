// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

/**
 * A route of the service.
 *
 * @param method HTTP method
 * @param pattern full path pattern, as in {@code /v1/users/{id}}
 */
public record RegisteredRoute(String method, String pattern) {}
