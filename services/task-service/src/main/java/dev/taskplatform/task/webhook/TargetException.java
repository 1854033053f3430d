// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

/** A webhook's target cannot or must not be called; says why, for its owner to read. */
final class TargetException extends RuntimeException {
    TargetException(String message) {
        super(message);
    }
}
