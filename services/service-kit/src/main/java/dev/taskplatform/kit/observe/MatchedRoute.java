// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

/**
 * The route that a request took, in the request's context from the moment its handler runs.
 *
 * @param pattern path pattern with its parameters' names, as in {@code /v1/users/{id}}
 */
public record MatchedRoute(String pattern) {}
