// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

/**
 * What a table holds, in few bytes.
 *
 * @param rows how many
 * @param sha256 of all of them, as {@link TableDigest} says; hexadecimal
 */
record TableSummary(long rows, String sha256) {}
