// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

/** What becomes of data (volumes, the key Secret) when its TaskPlatform is deleted. */
public enum DeletionPolicy {
    /** The data stays, and belongs again to the next resource of the same name. */
    Retain,
    /** The data is deleted with the resource. */
    Delete
}
