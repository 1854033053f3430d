// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

/** The user service answered the follower as it should not. */
public final class FeedException extends RuntimeException {
    FeedException(String message, Throwable cause) {
        super(message, cause);
    }
}
