// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

/** The file is not written in its format, so that nothing can be told of the rest; says where and why. */
final class MalformedFileException extends Exception {
    MalformedFileException(String message) {
        super(message);
    }

    MalformedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
