// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

/** Why a command did not do its work, in a sentence: what was wrong, where, and what to do. Tried again it may. */
class DataException extends Exception {
    DataException(String message) {
        super(message);
    }

    DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
