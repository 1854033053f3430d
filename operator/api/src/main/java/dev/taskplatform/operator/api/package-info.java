// SPDX-License-Identifier: Apache-2.0
/**
 * The custom resource {@code TaskPlatform} (group {@code taskplatform.dev}) as classes; the CustomResourceDefinition is
 * generated from them.
 *
 * <p>Everything is an immutable record: what a reconciler reads out of a shared cache can't be changed by accident, and two
 * values can be compared. A component that the user left out is {@code null}; nothing here fills in defaults, because what is
 * not in the resource must not appear in it. The defaults that the descriptions name are the chart's.
 */
package dev.taskplatform.operator.api;
