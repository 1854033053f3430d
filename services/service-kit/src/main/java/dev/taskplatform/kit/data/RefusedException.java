// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

/** What fails each time until somebody changes something. */
final class RefusedException extends DataException {
    RefusedException(String message) {
        super(message);
    }

    RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
